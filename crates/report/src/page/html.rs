//! The page: one file that asks the network for nothing and needs no script.

use crate::ReportError;
use crate::draw::font;
use crate::page::context::Page;
use askama::Template;
use std::collections::HashMap;

/// The page's template; what it shows is [`Page`].
#[derive(Template)]
#[template(path = "index.html")]
struct Index<'a> {
    page: &'a Page<'a>,
    svgs: &'a HashMap<String, String>,
    fonts: String,
    version: &'static str,
}

/// The text of `index.html`; `svgs` are the figures by their names.
pub(crate) fn render(page: &Page<'_>, svgs: &HashMap<String, String>) -> Result<String, ReportError> {
    let index = Index {
        page,
        svgs,
        fonts: fonts(),
        version: env!("CARGO_PKG_VERSION"),
    };
    Ok(index.render()?)
}

/// Style rules that carry the fonts inside the page, so figures are set in the font that measured them.
fn fonts() -> String {
    [("400", font::REGULAR), ("600 900", font::SEMI_BOLD)]
        .map(|(weight, bytes)| {
            let data = base64(bytes);
            format!(
                "@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/ttf;base64,{data}) \
                 format(\"truetype\")}}"
            )
        })
        .join("\n")
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .enumerate()
            .fold(0_u32, |bits, (index, &byte)| bits | u32::from(byte) << (16 - 8 * index));
        for index in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * index) & 63) as usize];
            text.push(if index <= chunk.len() { digit as char } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
