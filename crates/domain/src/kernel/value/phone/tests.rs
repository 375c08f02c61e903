use proptest::prelude::*;

use super::*;

fn stored(text: &str) -> Result<String, Invalid> {
    Phone::parse(text).map(|phone| phone.as_str().to_owned())
}

#[test]
fn brazilian_forms() {
    let cases = [
        ("(11) 90000-0000", "+5511900000000"),
        ("11 3333 4444", "+551133334444"),
        ("+55 11 90000-0000", "+5511900000000"),
        ("+55 (011) 3333-4444", "+551133334444"),
        ("0055 11 3333-4444", "+551133334444"),
        ("5511900000000", "+5511900000000"),
        ("551133334444", "+551133334444"),
        ("011 3333-4444", "+551133334444"),
        ("(011) 90000.0000", "+5511900000000"),
        ("0 15 11 3333-4444", "+551133334444"),
        ("041 11 90000-0000", "+5511900000000"),
        ("55 3333-4444", "+555533334444"),
        ("\u{202a}+55 11 90000\u{2011}0000\u{202c}", "+5511900000000"),
        ("0800 123 4567", "+558001234567"),
        ("0800 123456", "+55800123456"),
        ("0300-123-4567", "+553001234567"),
        ("4004-1234", "+5540041234"),
        ("3003 1234", "+5530031234"),
    ];
    for (text, e164) in cases {
        assert_eq!(stored(text).as_deref(), Ok(e164), "{text}");
    }
}

/// Numbers from before the ninth digit, and WhatsApp's identities that never received it.
#[test]
fn old_mobile_numbers_gain_their_nine() {
    assert_eq!(stored("11 8765-4321").as_deref(), Ok("+5511987654321"));
    assert_eq!(stored("551187654321").as_deref(), Ok("+5511987654321"));
}

#[test]
fn other_countries() {
    assert_eq!(stored("+1 (415) 555-2671").as_deref(), Ok("+14155552671"));
    assert_eq!(stored("00 351 912 345 678").as_deref(), Ok("+351912345678"));
    let phone = Phone::parse("+14155552671").unwrap();
    assert_eq!((phone.national(), phone.area_code(), phone.is_mobile()), (None, None, false));
    assert_eq!((phone.to_string().as_str(), phone.masked().as_str()), ("+14155552671", "•••••••2671"));
}

#[test]
fn refusals() {
    let cases = [
        ("", Invalid::PHONE_LENGTH),
        ("123", Invalid::PHONE_LENGTH),
        ("3333-4444", Invalid::PHONE_AREA_CODE_MISSING),
        ("90000-0000", Invalid::PHONE_AREA_CODE_MISSING),
        ("(10) 90000-0000", Invalid::PHONE_AREA_CODE),
        ("(20) 3333-4444", Invalid::PHONE_AREA_CODE),
        ("(11) 80000-0000", Invalid::PHONE_NUMBER),
        ("(11) 1333-4444", Invalid::PHONE_NUMBER),
        ("+55 11 0000-0000", Invalid::PHONE_NUMBER),
        ("11 90000-0000 ramal 2", Invalid::PHONE_CHARACTERS),
        ("11+900000000", Invalid::PHONE_CHARACTERS),
        ("++5511900000000", Invalid::PHONE_CHARACTERS),
        ("1234567890123", Invalid::PHONE_LENGTH),
        ("+1234567890123456", Invalid::PHONE_LENGTH),
        ("+0123456789", Invalid::PHONE_NUMBER),
    ];
    for (text, why) in cases {
        assert_eq!(stored(text), Err(why), "{text}");
    }
    assert_eq!(stored(&"1".repeat(5000)), Err(Invalid::PHONE_LENGTH));
}

#[test]
fn shown_and_masked() {
    let cases = [
        ("+5511900001234", "(11) 90000-1234", "(11) •••••-1234", true),
        ("+551133331234", "(11) 3333-1234", "(11) ••••-1234", false),
        ("+558001234567", "0800 123 4567", "••••••••4567", false),
        ("+55800123456", "0800 123 456", "•••••••3456", false),
        ("+5540041234", "4004-1234", "••••••1234", false),
    ];
    for (e164, shown, masked, mobile) in cases {
        let phone = Phone::parse(e164).unwrap();
        assert_eq!((phone.as_str(), phone.to_string().as_str()), (e164, shown));
        assert_eq!((phone.masked().as_str(), phone.is_mobile()), (masked, mobile));
    }
    let phone = Phone::parse("11900001234").unwrap();
    assert_eq!((phone.area_code(), phone.digits()), (Some("11"), "5511900001234"));
    assert_eq!(format!("{phone:?}"), "Phone((11) •••••-1234)");
}

proptest! {
    #[test]
    fn every_form_reads_back(area in prop::sample::select(national::AREA_CODES.to_vec()), rest in "9[0-9]{8}|[2-5][0-9]{7}") {
        let phone = Phone::parse(&format!("{area}{rest}")).unwrap();
        let (text, carrier) = (phone.as_str().to_owned(), format!("0 21 {area} {rest}"));
        prop_assert_eq!(&text, &format!("+55{area}{rest}"));
        for form in [text.clone(), phone.to_string(), phone.digits().to_owned(), format!("0{area}{rest}"), carrier, format!("00{}", phone.digits())] {
            prop_assert_eq!(Phone::parse(&form), Ok(phone.clone()), "{}", form);
        }
        prop_assert_eq!(phone.is_mobile(), rest.len() == 9);
        let json = serde_json::to_string(&phone).unwrap();
        prop_assert_eq!(serde_json::from_str::<Phone>(&json).unwrap(), phone);
    }

    #[test]
    fn whatever_is_read_reads_back(text in "\\+?[0-9]{3,16}") {
        if let Ok(phone) = Phone::parse(&text) {
            prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
            prop_assert_eq!(Phone::parse(&phone.to_string()), Ok(phone));
        }
    }
}
