//! Small pictures of large ones, within bounds.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::error::FileError;

/// The longest side of a thumbnail in pixels.
const SIDE: u32 = 320;
/// Larger files are not even read.
pub(super) const MAX_FILE_BYTES: u64 = 40 << 20;
/// 50 megapixels: more than phones take.
const MAX_PIXELS: u64 = 50_000_000;
/// What one decoder may allocate.
const MAX_MEMORY: u64 = 256 << 20;
const JPEG_QUALITY: u8 = 82;

/// A small picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// The encoded picture.
    pub content: Bytes,
    /// `image/jpeg`, or `image/png` when parts are transparent.
    pub media_type: &'static str,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Makes a picture of at most 320 pixels on a side, upright as the camera
/// meant it and without its metadata (place, device). Blocks.
///
/// # Errors
/// [`FileError::ImageTooLarge`] when decoding would take too much memory,
/// [`FileError::Image`] when it is no PNG, JPEG, WebP or GIF or is damaged.
pub fn make_thumbnail(content: &[u8]) -> Result<Thumbnail, FileError> {
    let mut image = decode(content)?;
    if image.width() > SIDE || image.height() > SIDE {
        image = image.thumbnail(SIDE, SIDE);
    }
    let (width, height) = (image.width(), image.height());
    let (content, media_type) = encode(&image).map_err(|error| image_error(&error))?;
    Ok(Thumbnail { content: content.into(), media_type, width, height })
}

fn decode(content: &[u8]) -> Result<DynamicImage, FileError> {
    let mut reader = ImageReader::new(Cursor::new(content))
        .with_guessed_format()
        .map_err(|error| FileError::Image(error.to_string()))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| image_error(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS || decoder.total_bytes() > MAX_MEMORY {
        return Err(FileError::ImageTooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| image_error(&error))?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn encode(image: &DynamicImage) -> Result<(Vec<u8>, &'static str), ImageError> {
    let mut output = Cursor::new(Vec::new());
    if image.color().has_alpha() && !is_opaque(image) {
        image.write_to(&mut output, ImageFormat::Png)?;
        return Ok((output.into_inner(), "image/png"));
    }
    let encoder = JpegEncoder::new_with_quality(&mut output, JPEG_QUALITY);
    image.to_rgb8().write_with_encoder(encoder)?;
    Ok((output.into_inner(), "image/jpeg"))
}

fn is_opaque(image: &DynamicImage) -> bool {
    let rgba = image.to_rgba8();
    rgba.pixels().all(|pixel| pixel.0.last() == Some(&u8::MAX))
}

fn image_error(error: &ImageError) -> FileError {
    match error {
        ImageError::Limits(_) => FileError::ImageTooLarge,
        other => FileError::Image(other.to_string()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    fn png(image: &DynamicImage) -> Vec<u8> {
        let mut output = Cursor::new(Vec::new());
        image.write_to(&mut output, ImageFormat::Png).unwrap();
        output.into_inner()
    }

    #[test]
    fn keeps_the_proportions() {
        let image = RgbImage::from_pixel(1000, 500, Rgb([200, 10, 10]));
        let made = make_thumbnail(&png(&image.into())).unwrap();
        assert_eq!((made.width, made.height, made.media_type), (320, 160, "image/jpeg"));
        let read = image::load_from_memory(&made.content).unwrap();
        assert_eq!((read.width(), read.height()), (320, 160));
    }

    #[test]
    fn keeps_transparency_and_small_pictures() {
        let image = RgbaImage::from_pixel(20, 10, Rgba([0, 0, 0, 100]));
        let made = make_thumbnail(&png(&image.into())).unwrap();
        assert_eq!((made.width, made.height, made.media_type), (20, 10, "image/png"));
        let opaque = RgbaImage::from_pixel(20, 10, Rgba([0, 0, 0, 255]));
        assert_eq!(make_thumbnail(&png(&opaque.into())).unwrap().media_type, "image/jpeg");
    }

    #[test]
    fn refuses_bombs_and_other_things() {
        // A PNG header that promises 100,000 × 100,000 pixels.
        let mut bomb = png(&RgbImage::new(1, 1).into());
        bomb.splice(16..24, [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0]);
        let crc = crc32(bomb.get(12..29).unwrap());
        bomb.splice(29..33, crc.to_be_bytes());
        assert!(matches!(make_thumbnail(&bomb), Err(FileError::ImageTooLarge)));
        for content in [b"".as_slice(), b"text", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7"] {
            assert!(matches!(make_thumbnail(content), Err(FileError::Image(_))));
        }
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let step = |crc: u32, byte: &u8| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        };
        !bytes.iter().fold(u32::MAX, step)
    }
}
