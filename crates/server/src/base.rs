//! The address under which a client reached this server, for links that must be absolute.

use atlas::Inquiry;
use axum::http::{HeaderMap, header};

/// `http://host:port`, from `X-Forwarded-*` behind a proxy, else from `Host`.
pub(crate) fn base(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("x-forwarded-host").or(text(header::HOST.as_str())).filter(|host| is_host(host));
    let scheme = text("x-forwarded-proto").filter(|scheme| matches!(*scheme, "http" | "https"));
    format!("{}://{}", scheme.unwrap_or("http"), host.unwrap_or("localhost"))
}

/// Addresses of this server that carry a question on: a client that was given one for a question finds every other
/// there.
pub(crate) struct Onward {
    base: String,
    question: String,
}

impl Onward {
    pub(crate) fn new(base: &str, inquiry: &Inquiry) -> Self {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(inquiry.parameters());
        Self { base: base.to_owned(), question: query.finish() }
    }

    /// The address of a path, which may have a query of its own.
    pub(crate) fn to(&self, path: &str) -> String {
        let mark = match (self.question.is_empty(), path.contains('?')) {
            (true, _) => "",
            (false, true) => "&",
            (false, false) => "?",
        };
        format!("{}{path}{mark}{}", self.base, self.question)
    }
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
    fn a_question_is_carried_on_behind_what_an_address_asks_already() {
        let inquiry = Inquiry::parse("minutes=15&territory=departement:42").expect("a question");
        let onward = Onward::new("http://a", &inquiry);
        assert_eq!(onward.to("/api"), "http://a/api?minutes=15&territory=departement%3A42");
        assert_eq!(onward.to("/api?f=html"), "http://a/api?f=html&minutes=15&territory=departement%3A42");
        assert_eq!(Onward::new("http://a", &Inquiry::default()).to("/api"), "http://a/api");
    }

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
