"""What a policy can say of export: places x verbs x denial, condition, generality, exception.

The sentences are ours, written before the rules met them.
"""

import pytest

DECLARED = (
    # places named by relation to the user
    "您的个人信息可能会被传输至您所在国家以外的地区进行处理。",
    "您的数据会在您居住地以外的国家存储。",
    "我们可能将您的资料转移到其他国家或地区。",
    "您的信息可能在您所在国家或地区以外被访问。",
    "我们在世界各地设有服务器，您的信息可能会在其中任何一处被处理。",
    "我们会在全球范围内存储和处理您的个人信息。",
    "您的个人数据可能由我们在其他国家的员工访问。",
    # countries and regions
    "我们的服务器位于新加坡，您的账号信息保存在该服务器上。",
    "您的数据存储于美国的数据中心。",
    "我们使用亚马逊云（日本东京）存储您的上传内容。",
    "您的照片会发送到位于德国的服务器进行识别。",
    "您的个人信息将存储在中国香港的服务器中。",
    "您的信息会被传送至台湾的机房。",
    "您的设备信息将由 Google LLC（美国）处理。",
    "信息存储地点：美国、新加坡。",
    "我们将收集到的信息传输到欧盟境内的服务器。",
    "您的个人资料可能被转移至欧洲经济区以外的国家。",
    "我们依据标准合同条款将您的个人数据从欧盟转移到美国。",
    # affiliates and vendors
    "我们会与海外关联公司共享您的订单信息。",
    "为提供客服，我们委托境外服务商处理您的联系方式。",
    "您的信息会提供给我们位于境外的母公司。",
    "我们的境外合作伙伴可以访问您的个人信息。",
    "境外接收方：甲乙株式会社，接收的信息种类：邮箱地址。",
    "我们使用海外云服务备份您的数据。",
    # modes of telling
    "您的个人信息会出境。",
    "本应用存在个人信息跨境传输。",
    "您使用本服务，即视为您同意我们将您的信息传输到境外。",
    "由于我们在境外运营，您的数据需要跨境传输。",
    "除推送消息需要经过境外服务器外，我们不会向境外传输您的个人信息。",
    "为实现国际物流，我们需要向境外的收件方提供您的姓名和地址。",
    "当您使用翻译功能时，我们会将您输入的文字信息发送到美国的服务器。",
    "我们将信息传输至境外时会采用加密等措施。",
    "不管您位于哪里，您的信息都会在美国处理。",
    "We store your personal data on servers located in Singapore.",
    "Your information may be transferred to countries other than the one in which you live.",
    "Your data is processed in the United States.",
    "Our servers are located in Ireland, and your data is kept there.",
    "Your personal information may be stored and processed outside your country of residence.",
    "We may transfer your information to our affiliates around the world.",
    "By using the app you consent to the transfer of your data to the USA.",
    "If you are outside the United States, your data will be transferred to the United States.",
    "When we transfer your personal data outside the EEA, we rely on standard contractual clauses.",
    "Some of our service providers are based abroad and can access your personal data.",
    "We transfer personal data internationally and apply appropriate safeguards.",
    "Personal data may be accessed by staff operating outside of China.",
    "接收方所在国家：美国，处理的信息：邮箱地址。",
    "我们不排除将您的个人信息传输到海外的可能。",
    "境外国家可能没有提供同等的保护，您的信息可能会传输到那里的境外服务器。",
    "信息，如设备型号、日志等，会传输至境外服务器。",
    "您的聊天数据会流转至港澳台地区的服务器。",
    "You should be aware that your data may be transferred to Canada, where the laws may be different.",
    "We transfer your data abroad and, where required, sign standard contractual clauses.",
    "Hosting location of your data: Singapore.",
)

CONDITIONAL = (
    "如需向境外提供您的个人信息，我们将另行征得您的同意。",
    "在获得您单独同意后，我们才会将您的个人信息传输至境外。",
    "未经您同意，我们不会将您的个人信息传输到国外。",
    "除非取得您的授权，您的个人信息不会被转移至其他国家。",
    "若因业务发展确有必要跨境传输，我们将依法进行安全评估。",
    "如果将来我们的服务器迁至新加坡，我们会提前告知您并取得同意后再转移您的信息。",
    "我们不会向境外提供您的个人信息，但法律法规另有规定的除外。",
    "您的个人信息原则上只在中国境内存储，除非得到您的授权，不会出境。",
    "目前我们没有跨境传输您的个人信息；今后如有需要，我们会另行告知。",
    "向境外传输个人信息前，我们会向您告知接收方并取得您的单独同意。",
    "部分业务可能涉及数据出境，届时我们会单独征求您的同意。",
    "只有在您明确授权的情况下，我们才会将信息提供给境外机构。",
    "在符合法律规定并完成评估的前提下，我们可能向境外提供您的个人信息。",
    "如您选择使用境外的模型服务，您的输入内容可能会被传输到境外。",
    "当我们需要把您的个人信息传输到香港时，会事先征得您的同意。",
    "倘若发生数据出境的情形，我们将按照国家规定办理手续并告知您。",
    "经您单独同意，我们可向境外接收方提供您的个人信息。",
    "如涉及向境外传输个人信息，将按照国家网信部门的规定执行。",
    "We will not transfer your personal data outside China without your consent.",
    "If we need to send your information abroad, we will ask for your separate consent first.",
    "Your data will not leave China unless the law requires it.",
    "We will obtain your consent before transferring your personal information overseas.",
    "Should cross-border transfer become necessary, we will notify you and obtain your consent.",
    "Only with your explicit consent will we share your data with anyone outside mainland China.",
    "未经主管部门批准，我们不会将您的个人信息提供给境外的机构。",
    "原则上我们不会把您的个人信息转移到国外。",
    "未取得您的单独同意前，您的数据不会离开中国。",
    "We do not transfer your data overseas without adequate safeguards.",
    "Absent your consent, no personal data will be sent outside China.",
)

DENIED = (
    "您的个人信息不会出境。",
    "我们不会将您的个人信息传输至中国大陆以外的地区。",
    "我们承诺不向任何境外机构或个人提供您的信息。",
    "本应用不涉及个人信息跨境传输。",
    "目前，我们没有向境外提供个人信息的情形。",
    "我们收集的信息均存储于境内服务器，绝不向境外传输。",
    "我们不存在跨境传输或在境外存储个人信息的情况。",
    "您的数据仅保存在中国境内，不会以任何形式提供给国外的公司。",
    "我们暂无将您的个人信息提供至境外的业务。",
    "您的信息不会被传输到香港、澳门或台湾地区。",
    "个人信息跨境传输：无。",
    "是否向境外提供个人信息：否。",
    "所有信息只在本机处理，无需上传服务器，也不会传到国外。",
    "We do not transfer your personal data outside of China.",
    "Your information never leaves mainland China.",
    "No personal data is sent abroad.",
    "We store all data in China and do not make cross-border transfers of personal information.",
    "Your data is not shared with anyone outside your country.",
    "There is no cross-border transfer of personal information.",
    "您的数据不会离开中国大陆。",
    "本应用无任何个人信息跨境传输行为。",
    "Your data will never be sent to non-Chinese servers abroad.",
)

NONE = (
    "您的个人信息存储于中华人民共和国境内。",
    "您可以用境外手机号码注册账号，我们会收集该号码。",
    "我们提供跨境支付服务，需要收集您的姓名和证件号码。",
    "七、个人信息是否出境\n",
    "个人信息的跨境传输",
    "您的个人信息如何在全球范围转移",
    "如果您在境外使用本服务，我们会收集您的位置信息。",
    "境外组织不得侵害中国公民的个人信息权益。",
    "个人信息跨境提供，是指把境内收集的个人信息提供给境外的接收方。",
    "本政策适用于中国大陆地区的用户，其他国家和地区的用户请查看其他政策。",
    "根据个人信息保护法，处理者向境外提供个人信息的，应当取得个人的单独同意。",
    "您有权了解您的个人信息是否被传输到境外。",
    "我们的公司注册在新加坡，您可以来信查询您的个人信息。",
    "您主动发布的信息可能被世界各地的其他用户看到。",
    "为了出境旅游签证，我们需要收集您的护照信息。",
    "若您是欧盟居民，您有权访问您的数据。",
    "我们收集您访问其他国家网站时的搜索信息。",
    "我们会收集您的国家和地区信息以提供本地内容。",
    "数据跨境传输请参见第六条。",
    "Your personal data is stored in China.",
    "How we transfer data abroad",
    "If you are a resident of the United States, you may ask us to delete your data.",
    "Your personal information is collected when you make overseas purchases.",
    "You have the right to know whether your data is transferred outside your country.",
    "Cross-border transfer means sending personal data to another country.",
    "California residents may request information about the data we share.",
    "International transfers",
    "Laws in other countries may protect personal data differently.",
    "We comply with the data protection law of Singapore.",
    "境外的法律可能没有提供同等的数据保护。",
)

CASES = [
    (text, stance)
    for stance, texts in (
        ("declared", DECLARED),
        ("conditional", CONDITIONAL),
        ("denied", DENIED),
        ("none", NONE),
    )
    for text in texts
]


@pytest.mark.parametrize(("text", "stance"), CASES)
def test_stance_of_a_sentence(reader, text, stance):
    assert reader.file(text + "\n").cross_border.stance == stance
