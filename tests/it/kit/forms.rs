//! A form as a page has it: what a browser would send if nobody typed anything.

/// A form's fields, ready to be changed and sent.
#[derive(Debug, Clone)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The form of this id.
    #[track_caller]
    pub(crate) fn of(page: &str, id: &str) -> Self {
        let begin = page.find(&format!(" id=\"{id}\"")).unwrap_or_else(|| panic!("{page}"));
        let form = &page[begin..];
        let form = &form[..form.find("</form>").unwrap()];
        // What only a script uses is not sent.
        let (before, rest) = form.split_once("<template").unwrap_or((form, "</template>"));
        let form = format!("{before}{}", rest.split_once("</template>").unwrap().1);
        let mut fields = Vec::new();
        let mut select = String::new();
        for tag in form.split('<').skip(1) {
            let (tag, inner) = tag.split_once('>').unwrap_or((tag, ""));
            let (name, value) = (attribute(tag, "name"), attribute(tag, "value"));
            let kind = attribute(tag, "type").unwrap_or_default();
            let chosen = |word: &str| {
                tag.ends_with(&format!(" {word}")) || tag.contains(&format!(" {word} "))
            };
            if tag.starts_with("textarea ") {
                fields.push((name.unwrap(), plain(inner)));
            } else if tag.starts_with("select ") {
                select = name.unwrap();
                fields.push((select.clone(), String::new()));
            } else if tag.starts_with("option ") && chosen("selected") {
                let field = fields.iter_mut().rfind(|(name, _)| *name == select).unwrap();
                field.1 = value.unwrap_or_default();
            } else if tag.starts_with("input ") {
                let ticked = !matches!(kind.as_str(), "checkbox" | "radio") || chosen("checked");
                let otherwise = if kind == "checkbox" { "on" } else { "" };
                if ticked && let Some(name) = name {
                    fields.push((name, value.unwrap_or_else(|| otherwise.into())));
                }
            }
        }
        Self(fields)
    }

    /// A field's text; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text)
    }

    /// The same with another text in a field.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, text: &str) -> Self {
        match self.0.iter_mut().find(|(field, _)| field == name) {
            Some(field) => text.clone_into(&mut field.1),
            None => self.0.push((name.to_owned(), text.to_owned())),
        }
        self
    }

    /// The same without a field: a box that is not ticked.
    #[must_use]
    pub(crate) fn without(mut self, begin: &str) -> Self {
        self.0.retain(|(field, _)| !field.starts_with(begin));
        self
    }

    /// As it is sent.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    rest.split('"').next().map(plain)
}

fn plain(text: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    signs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
