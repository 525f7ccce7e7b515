//! The address under which a client reached this server, for links that must be absolute.

use axum::http::{HeaderMap, header};

/// `http://host:port`, from `X-Forwarded-*` behind a proxy, else from `Host`.
pub(crate) fn base(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("x-forwarded-host").or(text(header::HOST.as_str())).filter(|host| is_host(host));
    let scheme = text("x-forwarded-proto").filter(|scheme| matches!(*scheme, "http" | "https"));
    format!("{}://{}", scheme.unwrap_or("http"), host.unwrap_or("localhost"))
}

/// What a client sends must not come back as anything but a host.
fn is_host(host: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    !host.is_empty() && host.len() <= 255 && host.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_host_that_is_no_host_is_not_repeated() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:8080"));
        assert_eq!(base(&headers), "http://127.0.0.1:8080");
        headers.insert(header::HOST, HeaderValue::from_static("evil\"><script>"));
        assert_eq!(base(&headers), "http://localhost");
        headers.insert("x-forwarded-host", HeaderValue::from_static("carte.example.fr"));
        headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
        assert_eq!(base(&headers), "https://carte.example.fr");
    }
}
