use proptest::prelude::*;

use super::*;

#[test]
fn forms() {
    assert_eq!(Shift::parse("8:00 – 18:00").map(|shift| shift.to_string()).as_deref(), Ok("08:00-18:00"));
    assert_eq!(Shift::parse("00:00-24:00"), Shift::new(0, 1440));
    for text in ["", "8-18", "08:00", "08:60-18:00", "25:00-26:00", "08:00-18:00-", "+8:00-9:00"] {
        assert_eq!(Shift::parse(text), Err(Invalid::HOURS_FORMAT), "{text}");
    }
    for text in ["18:00-08:00", "08:00-08:00", "08:00-24:01"] {
        assert_eq!(Shift::parse(text), Err(Invalid::HOURS_ORDER), "{text}");
    }
}

#[test]
fn a_week_in_json() {
    let text = r#"[["08:00-12:00","13:00-17:00"],[],[],[],[],["09:00-12:00"],[]]"#;
    let hours: WorkingHours = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&hours).unwrap(), text);
    assert_eq!(hours.on(Weekday::Sat), [Shift { start: 540, end: 720 }]);
    let overlapping = text.replace("13:00", "11:00");
    assert!(serde_json::from_str::<WorkingHours>(&overlapping).is_err());
    assert!(serde_json::from_str::<WorkingHours>("[[]]").is_err());
}

proptest! {
    #[test]
    fn reads_back(start in 0_u16..1500, end in 0_u16..1500) {
        let shift = Shift::new(start, end);
        prop_assert_eq!(shift.is_ok(), start < end && end <= 1440);
        if let Ok(shift) = shift {
            prop_assert_eq!(Shift::parse(&shift.to_string()), Ok(shift));
            prop_assert_eq!((shift.start(), shift.end()), (start, end));
        }
    }
}
