"""Why a check could not answer, in words that several checks share."""

from scanner.model.base import Text

NO_PHASES = Text(
    zh="抓包未标注同意前后的阶段，无法区分收集发生在同意之前还是之后",
    en="no consent phases are marked in the captures, so before and after cannot be told apart",
)
NO_REFUSAL = Text(
    zh="抓包和运行记录中没有“拒绝后”阶段",
    en="neither captures nor run-time logs hold a phase after refusal",
)
NO_BACKGROUND = Text(
    zh="抓包和运行记录中没有“后台”阶段",
    en="neither captures nor run-time logs hold a background phase",
)
NO_CATEGORY = Text(
    zh="应用类型未知：请用 --category 指定",
    en="the app category is not known: give it with --category",
)
NO_PERSONAL_DATA = Text(zh="未发现收集个人信息", en="no collection of personal data was found")
NO_ACCOUNT = Text(
    zh="未发现账号体系（政策和界面均未提到账号）",
    en="no account system was found, neither in the policy nor in the screens",
)
NO_PERSONALISATION = Text(
    zh="未发现个性化推荐或定向推送的迹象",
    en="there is no sign of personalised recommendation or targeted push",
)
NO_EXPORT = Text(
    zh="政策未声明出境，流量中也未发现出境",
    en="the policy declares no export and none was seen in traffic",
)
TOO_EARLY = Text(
    zh="在所选日期，现行的数据出境规定尚未施行，不能按其决策表判断",
    en="on the chosen date the rules on export that the table holds were not in force yet",
)
NO_SENSITIVE = Text(
    zh="未发现处理敏感个人信息", en="no handling of sensitive personal data was found"
)
UNDECIDED = Text(
    zh="抓包中有不能判定所在地的主机（任播、内容分发网络或数据来源不一致）",
    en="some hosts in the captures cannot be placed (anycast, CDN, or sources that disagree)",
)
NO_LIST = Text(zh="政策中没有第三方清单", en="the policy has no list of third parties")
FOREIGN_TEXT = Text(
    zh="政策不是中文文本，本工具只识别中文政策的要素",
    en="the policy is not in Chinese; elements are recognised in Chinese texts only",
)
NO_MAIN_TEXT = Text(
    zh="只提供了清单等附属页面，没有隐私政策正文",
    en="only annexes such as lists were given, not the policy itself",
)
NO_TARGET = Text(zh="清单未给出目标版本", en="the manifest states no target level")
NO_PROMPT = Text(zh="未发现隐私提示界面", en="no privacy prompt was found")
NO_DATE = Text(zh="政策未写明日期", en="the policy states no date")
NOT_HANDED_IN = Text(
    zh="应用中有隐私政策入口，但没有提供可读的政策文本；请用 --policy 提供",
    en="the app links to a policy, but no readable text was given: give it with --policy",
)
DRAWN_BY_ENGINE = Text(
    zh="界面由跨平台框架或游戏引擎绘制，布局资源中读不到",
    en="screens are drawn by a cross-platform framework or game engine and are not in the layouts",
)
UNKNOWN_BRIDGE = Text(
    zh="有交给网页的对象无法确定其类型，或其方法过多未全部分析，不知道网页可以取得什么",
    en="an object that is given to web pages is of an unknown class, or has more methods than are"
    " followed: what pages obtain is not known",
)
