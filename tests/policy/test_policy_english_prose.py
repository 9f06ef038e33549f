"""English statements in free prose: what is said with a question word, the other way round, in a
question and its answer, by somebody who sees, or with a verb that follows its data.
"""

from time import process_time

import pytest

from scanner.policy.english import EnglishReader
from scanner.policy.english_finder import EnglishFinder
from scanner.policy.plain import parse_plain
from scanner.policy.reader import read_lines

SIGN = {"positive": "+", "negative": "-", "negative_with_exception": "~", "conditional": "?"}


@pytest.fixture(scope="module")
def english(words):
    return EnglishReader(words)


def said(reader, text):
    made = reader.statements(read_lines(parse_plain(text), reader.words, chinese=False), "x")
    return " | ".join(
        f"{s.actor} {s.action} {SIGN[s.polarity]} {' '.join(s.data_types)}" for s in made
    )


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        # a question word names the data
        ("We remember what you searched for.", "app store + search_history"),
        ("We note which songs you've played.", "app collect + browsing_history"),
        ("The scooter reports where you got on.", "app share + trip_origin_destination"),
        ("We record when you log in.", "app collect + software_usage"),
        ("We send a code when you log in.", ""),
        ("We know which phone you are using.", "app collect + device_model_os"),
        # participles
        ("We store the songs played and the coupons redeemed.", "browsing_history"),
        # said the other way round
        ("We read the type of your handset.", "app collect + device_model_os"),
        ("We read the phone's battery level.", "app collect + cpu_storage"),
        ("The name of our company is printed on the invoice.", "app share + invoice"),
        # verbs behind their data
        ("Your step count comes from the watch.", "app collect + activity_steps"),
        ("Your passport number goes to the airline.", "app share + passport_number"),
        ("Your passport number goes to our server.", "app collect + passport_number"),
        ("Your voiceprint stays on the phone.", "app store + voiceprint"),
        ("When you go to the gym, we log your heart rate.", "app collect + heart_rate_etc"),
        # who sees
        ("Other players can see your nickname.", "app share + nickname"),
        ("We see your nickname.", "app collect + nickname"),
        ("You can see your nickname.", ""),
        # parties are no data
        ("Your employer can see your job title.", "third_party collect + occupation"),
        ("We do not share your heart rate with your employer.", "app share - heart_rate_etc"),
        ("We ask for the name of your employer.", "app collect + employer"),
        # a verb of no table, beside the user's own data
        ("Your e-mail address doubles as a key.", "app collect + email"),
        ("IP addresses are funnelled into a counter.", "app collect + ip_address"),
        ("Your e-mail address is yours alone.", ""),
        ("Your photos", ""),
        # clauses between commas and in front do not rule what stands outside
        ("We store your name and, unless you hide it, your e-mail.", "email person_name"),
        ("Before a loan is granted, your debts are looked up.", "app collect + credit_record"),
        # a match that ends inside a word hides no shorter one
        ("Your passport number is reported together with your name.", "passport_number"),
        # anonymous figures count alone only
        ("We sell aggregated statistics.", "app share + anonymised_info"),
        ("We sell your age range and aggregated statistics.", "app share + age"),
        # conditions
        ("If we later need your location, we will ask for your separate consent.", "?"),
        ("We record your heart rate with your consent.", "app collect + heart_rate_etc"),
    ],
)
def test_prose(english, text, statements):
    told = said(english, text)
    assert statements in told if statements else not told


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("Do we sell your age? No, never.", "app share - age"),
        ("Do we record your voice? Yes, while you hold the key.", "app collect + audio_recording"),
        ("Do we sell your age? It depends.", ""),
        ("What do advertisers get? A scrambled version of your e-mail.", "+ email"),
        ("What can you delete? A copy of your e-mail.", ""),
    ],
)
def test_a_question_and_its_answer(english, text, statements):
    told = said(english, text)
    assert statements in told if statements else not told


def test_the_finder_goes_back_to_a_shorter_match():
    finder = EnglishFinder({"report": "a", "reported": "a", "reported to": "b", "age": "c"})
    assert [h[3] for h in finder.find("reported together, reported to us, manager")] == [
        "reported",
        "reported to",
    ]


EXPORT = [
    ("Your name is transferred to servers in Singapore.", "transfer_abroad", "positive"),
    ("We may send your photos to partners outside China.", "transfer_abroad", "positive"),
    ("We do not store your phone number outside China.", "transfer_abroad", "negative"),
    ("We send your photos to our partners.", "share", "positive"),
    ("We collect the name of the country.", "", ""),
]


@pytest.mark.parametrize(("text", "action", "polarity"), EXPORT)
def test_export(reader, text, action, polarity):
    made = [(s.action, s.polarity) for s in reader.file(f"{text}\n").statements]
    assert made == ([(action, polarity)] if action else [])


def test_cells_of_a_list_are_read_in_english(reader):
    text = (
        "# Privacy Policy\n\nWe use these SDKs to find errors and to measure campaigns.\n\n"
        "| SDK name | Company | Personal information collected | Purpose |\n|---|---|---|---|\n"
        "| Firebase Crashlytics | Google LLC | stack traces, device model | find errors |\n"
        "| Sample Push | Sample Ltd | push token, the ads you tap | messages |\n"
    )
    policy = reader.file(text, "policy.md")
    assert [(r.name, r.company, r.data_types, r.purpose) for r in policy.sdks] == [
        ("Firebase Crashlytics", "Google LLC", ("device_model_os", "logs_crash"), "find errors"),
        ("Sample Push", "Sample Ltd", ("click_favourites", "device_id"), "messages"),
    ]
    assert {s.actor for s in policy.statements} == {"crashlytics", "name:Sample Push"}


def test_chinese_cells_of_an_english_document_are_read_in_chinese(reader):
    text = (
        "# Third-party SDKs\n\n"
        + "com.sample.vendor.push.client https://vendor.example/a\n" * 9
        + "\n| SDK 名称 | 公司 | 收集的个人信息 | 目的 |\n|---|---|---|---|\n"
        "| Sample Push SDK | Sample Ltd | 设备型号、位置信息、应用列表 | 推送 |\n"
    )
    (row,) = reader.file(text, "policy.md").sdks
    assert row.data_types == ("device_model_os", "installed_apps", "location")


def test_no_chinese_words_are_looked_for_on_english_lines(words):
    lines = list(read_lines(parse_plain("We collect your IMEI."), words, chinese=False))
    assert [line.sentence.mentions for line in lines] == [[]]
    EnglishReader(words).statements(lines, "x")
    assert [m.data_type for m in lines[0].sentence.mentions] == ["imei"]


@pytest.mark.parametrize(
    "piece",
    [
        "what you type ",
        "name of the ",
        "when you, if you, ",
        "your phone's ",
        "photos taken ",
        "do we sell your age? no. ",
        "if later we separate consent ",
        "record the call, ",
        "goes to the courier and ",
    ],
)
def test_prose_is_linear(english, piece):
    """A sentence is at most 480 characters, so twice the text is twice the work."""

    def cost(size):
        lines = list(read_lines(parse_plain(piece * size), english.words, chinese=False))
        before = process_time()
        english.statements(lines, "x")
        return process_time() - before

    cost(100)
    once = min(cost(1000) for _ in range(3))
    assert min(cost(4000) for _ in range(2)) < 8 * once + 0.2


@pytest.mark.parametrize(
    ("person", "thing"),
    [
        ("We ask for the names of all passengers.", "We ask for the name of the drug."),
        ("We store the child's name.", "We store the dog's name."),
        ("We store the name of your contact.", "We store the name of your cat."),
    ],
)
def test_a_thing_has_no_personal_name(english, person, thing):
    assert "person_name" in said(english, person)
    assert "person_name" not in said(english, thing)
