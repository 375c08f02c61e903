//! Cities by the codes of the federal revenue: its register of companies, which
//! many files begin with, has them where others have names.

use std::{collections::HashMap, sync::LazyLock};

use conexao_domain::kernel::value::{Municipality, municipalities};

type City = &'static municipalities::Record;

static CITIES: LazyLock<HashMap<u16, City>> = LazyLock::new(|| {
    let read = |line: &str| -> Option<(u16, City)> {
        let (siafi, ibge) = line.split_once(' ')?;
        Some((siafi.parse().ok()?, municipalities::by_code(Municipality::parse(ibge).ok()?)?))
    };
    include_str!("../../data/siafi.txt").lines().filter_map(read).collect()
});

/// The city of a code of up to four digits; nothing else names one.
pub(crate) fn city(text: &str) -> Option<City> {
    let is_code = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    CITIES.get(&text.parse().ok().filter(|_| is_code)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_city() {
        assert_eq!(CITIES.len(), 5_570);
        let name = |code: &str| city(code).map(|city| (city.name, city.uf().as_str()));
        assert_eq!(name("7107"), Some(("São Paulo", "SP")));
        // Spreadsheets lose the zeros in front.
        assert_eq!(name("0001"), name("1"));
        for text in ["", "00001", "+107", "1.2", "São Paulo", "0000"] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
