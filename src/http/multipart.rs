//! Forms with a file in them, `multipart/form-data` (RFC 7578): read strictly, as browsers write it. What deviates is
//! refused, so that no two readers of one body can see different things in it.

use super::problem::Problem;

/// Most parts of a form.
const PARTS_MAX: usize = 32;
/// Most bytes of a part's head.
const HEAD_MAX: usize = 4 * 1_024;

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'b> {
    /// Its name.
    pub name: &'b str,
    /// Its media type, if it is a file that was chosen.
    pub media_type: Option<&'b str>,
    /// What it holds.
    pub content: &'b [u8],
}

/// The fields of a body whose Content-Type is `field`, in their order.
pub fn parts<'b>(field: &str, body: &'b [u8]) -> Result<Vec<Part<'b>>, Problem> {
    read(field, body).ok_or_else(|| {
        let detail = "The form cannot be read: it is not multipart/form-data as browsers write it.";
        Problem::bad_request("bad-form", detail)
    })
}

fn read<'b>(field: &str, body: &'b [u8]) -> Option<Vec<Part<'b>>> {
    let delimiter = format!("--{}", boundary(field)?);
    let mut rest = body.strip_prefix(delimiter.as_bytes())?;
    let delimiter = format!("\r\n{delimiter}");
    let mut parts = Vec::new();
    loop {
        if matches!(rest, b"--" | b"--\r\n") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let (head, behind) = split(rest, b"\r\n\r\n").filter(|(head, _)| head.len() <= HEAD_MAX)?;
        let (content, behind) = split(behind, delimiter.as_bytes())?;
        parts.push(part(std::str::from_utf8(head).ok()?, content)?);
        if parts.len() > PARTS_MAX {
            return None;
        }
        rest = behind;
    }
}

/// RFC 2046 §5.1.1: 1 to 70 of a small set, which what a browser makes up is.
fn boundary(field: &str) -> Option<&str> {
    let parameters = field.split(';').skip(1).map(str::trim);
    let mut found = parameters.filter_map(|parameter| parameter.strip_prefix("boundary="));
    let (boundary, None) = (found.next()?, found.next()) else { return None };
    let bare = boundary.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let boundary = bare.unwrap_or(boundary);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&byte);
    ((1..=70).contains(&boundary.len()) && boundary.bytes().all(fits)).then_some(boundary)
}

/// What stands before `mark` and what behind it.
fn split<'b>(bytes: &'b [u8], mark: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let at = bytes.windows(mark.len()).position(|found| found == mark)?;
    Some((bytes.get(..at)?, bytes.get(at + mark.len()..)?))
}

fn part<'b>(head: &'b str, content: &'b [u8]) -> Option<Part<'b>> {
    let (mut name, mut media_type) = (None, None);
    for line in head.split("\r\n") {
        let (key, value) = line.split_once(':')?;
        match key.to_ascii_lowercase().as_str() {
            "content-disposition" if name.is_none() => name = Some(disposition(value.trim())?),
            "content-type" if media_type.is_none() => media_type = Some(value.trim()),
            _ => return None,
        }
    }
    Some(Part { name: name?, media_type, content })
}

/// The name in `form-data; name="photo"; filename="me.png"`. The file's own name is nothing to us.
fn disposition(value: &str) -> Option<&str> {
    let rest = value.strip_prefix("form-data; name=\"")?;
    let (name, behind) = rest.split_once('"')?;
    let is_plain =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'%');
    (is_plain && (behind.is_empty() || behind.starts_with("; filename"))).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELD: &str = "multipart/form-data; boundary=----x1";

    fn form(inner: &str) -> String {
        format!("------x1\r\n{inner}\r\n------x1--\r\n")
    }

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let text = form(
            "Content-Disposition: form-data; name=\"a\"\r\n\r\none\r\n------x1\r\n\
             Content-Disposition: form-data; name=\"photo\"; filename=\"me \u{e4}.png\"\r\n\
             Content-Type: image/png\r\n\r\n--\r\n\u{0}----x1\r\n--",
        );
        let found = read(FIELD, text.as_bytes()).unwrap();
        assert_eq!(found[0], Part { name: "a", media_type: None, content: b"one" });
        let photo = Part {
            name: "photo",
            media_type: Some("image/png"),
            content: b"--\r\n\x00----x1\r\n--",
        };
        assert_eq!(found[1..], [photo]);
        assert_eq!(
            read("multipart/form-data; boundary=\"----x1\"", b"------x1--\r\n"),
            Some(vec![])
        );
    }

    #[test]
    fn what_deviates_is_refused() {
        let sound = form("Content-Disposition: form-data; name=\"a\"\r\n\r\none");
        for field in [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=a; boundary=b",
            "multipart/form-data; boundary=a\u{e4}",
            "multipart/form-data; boundary=----x2",
        ] {
            assert_eq!(read(field, sound.as_bytes()), None, "{field}");
        }
        for wrong in [
            "",
            "one",
            "name: a\r\n\r\none",
            "Content-Disposition: form-data\r\n\r\none",
            "Content-Disposition: form-data; name=\"\"\r\n\r\none",
            "Content-Disposition: attachment; name=\"a\"\r\n\r\none",
            "Content-Disposition: form-data; name=\"a\"; x=\"b\"\r\n\r\none",
            "Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\none",
            "Content-Disposition: form-data; name=\"a\"\r\nX: y\r\n\r\none",
            "Content-Disposition: form-data; name=\"a\"\n\none",
        ] {
            assert_eq!(read(FIELD, form(wrong).as_bytes()), None, "{wrong:?}");
        }
        for end in [sound.len() - 3, sound.len() - 5, 20, 8, 0] {
            assert_eq!(read(FIELD, &sound.as_bytes()[..end]), None, "{end}");
        }
        let one = "------x1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n";
        let many = |count: usize| format!("{}------x1--", one.repeat(count));
        assert!(read(FIELD, many(PARTS_MAX).as_bytes()).is_some());
        assert_eq!(read(FIELD, many(PARTS_MAX + 1).as_bytes()), None);
    }
}
