//! Addresses on servers, and where a redirect leads.

use crate::FetchError;

/// A server that may be asked: an address ending in `/`, below which files lie.
///
/// # Errors
/// It is no address of HTTP.
pub(crate) fn server(address: &str) -> Result<String, FetchError> {
    let refused = || FetchError::Address {
        address: address.to_owned(),
    };
    let uri: ureq::http::Uri = address.parse().map_err(|_| refused())?;
    let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
    if !is_http || uri.host().is_none_or(str::is_empty) || uri.query().is_some() {
        return Err(refused());
    }
    Ok(format!("{}/", address.trim_end_matches('/')))
}

/// Where `location`, as a response to `address` gave it, leads: an absolute address (RFC 3986, section 5.2, without
/// `.` and `..`, which servers resolve as well).
///
/// # Errors
/// It leads to no HTTP, or from HTTPS to plain HTTP.
pub(crate) fn redirected(address: &str, location: &str) -> Result<String, String> {
    let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let path = rest[authority.len()..].split(['?', '#']).next().unwrap_or_default();
    let location = location.split('#').next().unwrap_or_default();
    let has_scheme = location.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
    });
    let target = if has_scheme {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.starts_with('?') || location.is_empty() {
        format!("{scheme}://{authority}{path}{location}")
    } else {
        let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
        format!("{scheme}://{authority}{folder}{location}")
    };
    let to = target.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    match to.as_deref() {
        Some("https") => Ok(target),
        Some("http") if !scheme.eq_ignore_ascii_case("https") => Ok(target),
        Some("http") => Err(format!("redirects from HTTPS to plain HTTP, to `{target}`")),
        _ => Err(format!("redirects to `{target}`, which is no HTTP")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_folders_of_http() {
        assert_eq!(server("http://a.b/c").unwrap(), "http://a.b/c/");
        assert_eq!(server("https://a.b:8080/").unwrap(), "https://a.b:8080/");
        for wrong in [
            "",
            "a.b/c",
            "ftp://a.b/",
            "file:///tmp",
            "http://",
            "http://a b/",
            "http://a/?x=1",
        ] {
            assert!(server(wrong).is_err(), "{wrong}");
        }
    }

    /// RFC 3986, section 5.4.1, as far as servers send such.
    #[test]
    fn locations_are_resolved() {
        let to = |location| redirected("http://a/b/c/d?q", location);
        for (location, expected) in [
            ("g", "http://a/b/c/g"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d?y"),
            ("g?y#s", "http://a/b/c/g?y"),
            ("", "http://a/b/c/d"),
            ("https://g/h", "https://g/h"),
            ("HTTP://g/h", "HTTP://g/h"),
            ("http:80", "none"),
            ("ftp://g", "none"),
            ("file:///etc/passwd", "none"),
        ] {
            assert_eq!(to(location).unwrap_or("none".into()), expected, "{location}");
        }
        assert_eq!(redirected("http://a", "g").unwrap(), "http://a/g");
    }

    #[test]
    fn nothing_leads_from_https_to_http() {
        assert!(redirected("https://a/b", "https://c/").is_ok());
        assert!(redirected("https://a/b", "/c").unwrap().starts_with("https://"));
        for location in ["http://a/b", "HTTP://a/b"] {
            assert!(redirected("https://a/b", location).unwrap_err().contains("plain HTTP"));
        }
    }
}
