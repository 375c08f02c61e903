//! A text file as a stream of UTF-8 bytes, whatever its encoding.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::tabular::options::Encoding;

/// A stream of the file's text in UTF-8, without a byte-order mark.
///
/// Bytes of a UTF-8 file are passed through unchecked: the cell they stand in
/// is flagged when it is read.
pub(crate) type Source = Box<dyn Read + Send>;

/// Opens `path` for reading in `encoding`.
pub(crate) fn open(path: &Path, encoding: Encoding) -> io::Result<Source> {
    let file = File::open(path)?;
    let label = match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => return skip_utf8_mark(file),
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
    };
    let decoder = DecodeReaderBytesBuilder::new().encoding(Some(label)).strip_bom(true).build(file);
    Ok(Box::new(decoder))
}

fn skip_utf8_mark(mut file: File) -> io::Result<Source> {
    let mut head = Vec::with_capacity(3);
    (&mut file).take(3).read_to_end(&mut head)?;
    let kept = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head).to_vec();
    Ok(Box::new(io::Cursor::new(kept).chain(file)))
}

/// Calls `visit` with every chunk of `reader`, in constant memory.
pub(crate) fn each_chunk(mut reader: impl Read, mut visit: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; 128 << 10];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => visit(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
}
