//! The looks of the tenant in its mail.

use serde::Serialize;

/// The colour of the product.
const COLOUR: &str = "#005e6e";

/// Why a brand is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BrandError {
    /// The colour is not `#rrggbb`.
    #[error("the colour is not of the form #rrggbb")]
    Colour,
    /// An address is not one of the web.
    #[error("an address does not begin with https:// or http://")]
    Address,
}

/// The looks of the tenant in its mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brand {
    name: String,
    url: String,
    logo_url: Option<String>,
    colour: String,
    on_colour: &'static str,
    footer: Option<String>,
}

impl Brand {
    /// A brand with a name, the address of its Conexão, and the product's colour.
    pub fn new(name: &str, url: &str) -> Result<Self, BrandError> {
        let brand = Self {
            name: name.to_owned(),
            url: web(url)?,
            logo_url: None,
            colour: COLOUR.to_owned(),
            on_colour: on(COLOUR).unwrap_or("#ffffff"),
            footer: None,
        };
        Ok(brand)
    }

    /// With a picture, about 160 by 40 pixels.
    pub fn logo(mut self, url: &str) -> Result<Self, BrandError> {
        self.logo_url = Some(web(url)?);
        Ok(self)
    }

    /// With a colour of its own for buttons, `#rrggbb`.
    pub fn colour(mut self, colour: &str) -> Result<Self, BrandError> {
        self.on_colour = on(colour).ok_or(BrandError::Colour)?;
        colour.clone_into(&mut self.colour);
        Ok(self)
    }

    /// With small print, such as the postal address.
    pub fn footer(mut self, text: &str) -> Self {
        self.footer = Some(text.to_owned());
        self
    }
}

fn web(url: &str) -> Result<String, BrandError> {
    let good = url.starts_with("https://") || url.starts_with("http://");
    if good { Ok(url.to_owned()) } else { Err(BrandError::Address) }
}

/// Black or white, whichever is read better on the colour (WCAG luminance in
/// thousandths, with the usual 2.2 taken as a square).
fn on(colour: &str) -> Option<&'static str> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let bytes = hex::decode(digits).ok()?;
    let weights = [213_u32, 715, 72];
    let light: u32 = bytes.iter().zip(weights).map(|(byte, weight)| u32::from(*byte).pow(2) * weight).sum();
    // 0.18 of white's 255² · 1000 is where black begins to read better.
    Some(if light > 11_704_500 { "#17232b" } else { "#ffffff" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_on_a_button_is_readable() {
        assert_eq!(on("#005e6e"), Some("#ffffff"));
        assert_eq!(on("#ffba78"), Some("#17232b"));
        assert_eq!(on("#000000"), Some("#ffffff"));
        for wrong in ["red", "#fff", "#12345g", "#005e6e;}"] {
            assert_eq!(on(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn addresses_are_of_the_web() {
        assert_eq!(Brand::new("A", "javascript:alert(1)"), Err(BrandError::Address));
        assert!(Brand::new("A", "https://a.test").and_then(|b| b.logo("data:image/png")).is_err());
    }
}
