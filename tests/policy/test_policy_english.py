"""English statements: who does what with which data. Sixty of them were written before the rules.

A statement is written `actor action polarity types`, with `+` positive, `-` denied, `~` denied
with an exception. An SDK of the catalogue acts under its id.
"""

import pytest

from scanner.policy.english import EnglishReader
from scanner.policy.plain import parse_plain
from scanner.policy.reader import read_lines

SIGN = {"positive": "+", "negative": "-", "negative_with_exception": "~", "conditional": "?"}

GRAMMAR = [
    # passives
    ("Your mobile number is collected at sign-up.", "app collect + phone_number"),
    ("Crash logs are automatically sent to us.", "app collect + logs_crash"),
    ("Your passport number is stored in encrypted form.", "app store + passport_number"),
    ("Your order details are passed on to the courier.", "app share + order_info"),
    ("Heart rates are measured by the band.", "app collect + heart_rate_etc"),
    # examples and lists
    (
        "We collect identifiers such as your IMEI, Android ID and MAC address.",
        "app collect + android_id imei mac_address",
    ),
    (
        "The data we gather includes, but is not limited to, device models and OS versions.",
        "app collect + device_model_os",
    ),
    (
        "Information you give us: name, telephone, date of birth, e-mail.",
        "app collect + birth_date email person_name phone_number",
    ),
    (
        "We hold certain details (e.g. your job title, employer and salary).",
        "app store + deposit_income employer occupation",
    ),
    (
        "You provide us with your first and last name, home and work addresses.",
        "app collect + home_address person_name",
    ),
    (
        "We collect your search and browsing history.",
        "app collect + browsing_history search_history",
    ),
    # who acts
    ("We or our partners collect advertising IDs.", "app collect + gaid"),
    (
        "Google Analytics collects information such as your IP address.",
        "google-analytics collect + ip_address",
    ),
    (
        "Facebook may receive your email address when you use its login button.",
        "facebook-core collect + email",
    ),
    (
        "Third-party advertisers may place cookies and read your device identifiers.",
        "third_party collect + cookie device_id",
    ),
    ("Ad networks in our games use your location.", "third_party use + location"),
    ("Your nickname appears on a public list.", "app share + nickname"),
    ("The clinic gets nothing but your name.", "third_party collect + person_name"),
    (
        "The studio never gets your card number, because Google Play handles orders.",
        "app collect - bank_account | third_party use + order_info",
    ),
    ("Contacts: we read names and upload nothing.", "app collect + contacts person_name"),
    ("AppsFlyer receives your advertising ID.", "appsflyer collect + gaid"),
    ("Facebook Pixel reads your cookies.", "third_party collect + cookie"),
    ("Your card number is processed by Stripe.", "stripe use + bank_account"),
    ("Our payment processor handles your card number.", "third_party use + bank_account"),
    (
        "We let advertising networks collect your precise location.",
        "third_party collect + location_precise",
    ),
    ("We receive your age range from Facebook.", "app collect + age"),
    ("Information about your gender is obtained from data brokers.", "app collect + gender"),
    ("Your bank tells us your account balance.", "app collect + deposit_income"),
    # share
    ("We share your user ID with our affiliates.", "app share + account_id"),
    ("We may disclose your postal address to couriers.", "app share + home_address"),
    (
        "Hotels get your arrival time and passport number.",
        "third_party collect + hotel_stay passport_number",
    ),
    ("We make your nickname available to other players.", "app share + nickname"),
    (
        "Your fingerprint is transmitted to our identity partner.",
        "app share + fingerprint",
    ),
    # denial
    ("We do not sell your phone number.", "app share - phone_number"),
    ("We never ask for your PIN.", "app collect - auth_secret"),
    ("Your contacts are never uploaded.", "app collect - contacts"),
    ("No voice recordings are kept.", "app store - audio_recording"),
    (
        "We do not share your medical records with anyone except your doctor.",
        "app share ~ medical_record",
    ),
    (
        "Without your consent we will not disclose your income to third parties.",
        "app share ~ deposit_income",
    ),
    ("Neither we nor our partners track your location.", "app collect - location"),
    (
        "We collect your email address but we do not share your phone number.",
        "app collect + email | app share - phone_number",
    ),
    ("The data we collect is not limited to your nickname.", "app collect + nickname"),
    (
        "We collect your voiceprint, although this does not affect your privacy rights.",
        "app collect + voiceprint",
    ),
    ("Your calendar is not accessed.", "app collect - calendar_event"),
    ("We refrain from collecting genetic data.", "app collect - gene"),
    # conditions, relative clauses, purposes
    ("If you call support, we record the call.", "app collect + audio_recording"),
    (
        "Where required by law, we verify your identity card and keep a copy of it.",
        "app collect + id_number",
    ),
    (
        "The photos that you upload are stored on our servers.",
        "app store + photo_album",
    ),
    (
        "To let you pay in instalments, your credit score is requested from an agency.",
        "app collect + credit_record",
    ),
    ("By creating a profile you give us your height and weight.", "app collect + body_metrics"),
    # no practice
    ("You can change your nickname and avatar in the settings.", ""),
    ("You may ask us to erase your date of birth.", ""),
    ("Please keep your password and PIN secret.", ""),
    ("Never tell anybody your verification code.", ""),
    ("Do not include your card number in e-mails to us.", ""),
    ("If you refuse the location permission, the map stays empty.", ""),
    ("An IP address is a number that identifies a device on the internet.", ""),
    ('"Sensitive data" means data on health, religion or fingerprints.', ""),
    ("Passwords are hashed with a salt before anything else happens.", ""),
    ("For questions write to our address or call the phone number below.", ""),
    ("Parents may review their child's name, age and photos.", ""),
    ("Most browsers let you refuse cookies.", ""),
    ("We are not responsible for what other sites do with your email address.", ""),
    ("Users must not post the telephone number of another person.", ""),
    ("We will notify you by email or text message of any breach.", ""),
    ("You have a right to know whether your location data is processed.", ""),
    ("Our staff are trained to handle medical records with care.", ""),
    ("The camera permission can be withdrawn at any time.", ""),
]


@pytest.fixture(scope="module")
def english(words):
    return EnglishReader(words)


def said(reader, text):
    made = reader.statements(read_lines(parse_plain(text), reader.words, chinese=False), "x")
    return " | ".join(
        f"{s.actor} {s.action} {SIGN[s.polarity]} {' '.join(s.data_types)}" for s in made
    )


@pytest.mark.parametrize(("text", "statements"), GRAMMAR)
def test_grammar(english, text, statements):
    assert said(english, text) == statements


LISTS = [
    (
        "We collect the following information:\n- Email address\n- Device ID\n- Your photos",
        {
            ("app", "collect", "email"),
            ("app", "collect", "device_id"),
            ("app", "collect", "photo_album"),
        },
    ),
    (
        "We share the following with advertisers:\n* advertising ID\n* IP address",
        {("app", "share", "gaid"), ("app", "share", "ip_address")},
    ),
    (
        "# Information we collect\n\n- Full name\n- Date of birth (optional)",
        {("app", "collect", "person_name"), ("app", "collect", "birth_date")},
    ),
    (
        "Data Linked to You\nContact Info: Email Address, Phone Number\nIdentifiers: User ID",
        {
            ("app", "collect", "email"),
            ("app", "collect", "phone_number"),
            ("app", "collect", "account_id"),
            ("app", "collect", "contact_info"),
        },
    ),
    (
        "We collect the following when you contact us or update your profile:\n- Email address",
        {("app", "collect", "email")},
    ),
    ("We use your data to:\n- deliver your order\n- verify your age", set()),
    ("Contact us:\nPhone number: see below\nPostal address: Main street 5, Dublin", set()),
    ("Your rights include:\n- access to your e-mail address\n- your photos", set()),
    ("You have the right to:\n- Obtain your data\n- Receive a copy of your photos", set()),
    ("Data you can delete\n- Your photos\n- Voice recordings", set()),
    ("You can manage the following information:\n- profile photo\n- nickname", set()),
    (
        "Data Not Linked to You\nDiagnostics: Crash Data\nLocation\nCoarse Location",
        {
            ("app", "collect", "logs_crash"),
            ("app", "collect", "location"),
            ("app", "collect", "location_coarse"),
        },
    ),
    ("# Your rights\n\n- Access to your email address\n- Erasure of your photos", set()),
    ("# Your rights\n\n- Correct your email address\n- Delete your photos", set()),
    ("# Security\n\n- Passwords are hashed\n- Card numbers are masked", set()),
]


@pytest.mark.parametrize(("text", "facts"), LISTS)
def test_lists(english, text, facts):
    lines = read_lines(parse_plain(text), english.words, chinese=False)
    made = english.statements(lines, "x")
    assert {(s.actor, s.action, t) for s in made for t in s.data_types} == facts


SENSES = [
    ("We record your name.", "The name of our company is registered in Dublin."),
    ("We collect your address.", "We do what we can to address your concerns."),
    ("We store your interests.", "We process data where our legitimate interests require it."),
    ("We collect your phone and email.", "We will reach out by phone or email."),
    ("We ask for your age.", "We collect data only from people over the age of 18."),
    ("We record your steps.", "We take reasonable steps to keep our records accurate."),
    ("We collect your location.", "We keep backups in a secure location."),
    ("We collect your orders.", "We disclose what court orders require us to disclose."),
    ("We store your comments and posts.", "We collect questions or comments at the desk."),
    ("We receive your contacts.", "We record when someone contacts us."),
    ("We collect your language and country.", "We obey the laws of your country."),
    ("We store your calendar.", "We answer each request within thirty calendar days."),
    ("We collect your weight and height.", "We give weight to your choice."),
    ("We record your voice.", "We answer by voice or chat."),
    ("We collect your logs.", "We send a code when a user logs in."),
    ("We access your camera.", "We use security cameras at our offices."),
]


@pytest.mark.parametrize(("data", "other"), SENSES)
def test_senses(english, data, other):
    """The same word is data in the first sentence and none in the second."""
    assert said(english, data)
    assert said(english, other) == ""


FORMS = [
    ("We collect dates of birth.", "birth_date"),
    ("We collect billing addresses.", "home_address"),
    ("We collect IP and MAC addresses.", "ip_address mac_address"),
    ("We collect your driver's licence.", "driving_licence"),
    ("We collect e-mail addresses and résumés.", "email resume"),
    ("We collect identity numbers and nationalities.", "id_number nationality"),
    ("We collect browsing behavior.", "browsing_history"),
]


@pytest.mark.parametrize(("text", "types"), FORMS)
def test_forms(english, text, types):
    assert said(english, text) == f"app collect + {types}"


def test_no_practice(english, data):
    """Rights, security, definitions, advice, contact: data words that nobody handles."""
    rows = (data / "english_nothing.txt").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 122
    assert [text for text in rows if said(english, text)] == []


def test_a_table_row_that_says_no(english):
    text = (
        "Category | Examples | Collected |\n---|---|---|\n"
        "Identifiers | postal address, email address | YES |\n"
        "Biometric data | fingerprints, iris scans | NO |\n"
    )
    lines = read_lines(parse_plain(text), english.words, chinese=False)
    told = {(t, s.polarity) for s in english.statements(lines, "x") for t in s.data_types}
    assert {("home_address", "positive"), ("email", "positive")} <= told
    assert {("fingerprint", "negative"), ("iris", "negative")} <= told


def test_data_not_linked_is_collected(english):
    lines = read_lines(
        parse_plain("Data Not Linked to You\nCrash Data"), english.words, chinese=False
    )
    assert [s.polarity for s in english.statements(lines, "x")] == ["positive"]


def test_a_list_of_what_is_not_collected(english):
    text = "We do not collect the following:\n- Contacts\n- Account details (user ID)"
    lines = read_lines(parse_plain(text), english.words, chinese=False)
    made = english.statements(lines, "x")
    assert {s.polarity for s in made} == {"negative"}
    assert {t for s in made for t in s.data_types} == {"contacts", "account_id"}
