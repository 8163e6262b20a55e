//! Somebody who reads pages and sends forms.

use cardinal::domain::sessions;
use cardinal::error::Error;
use cardinal::testing::{Client, Person, Reply, Site};

/// A browser as far as forms go: it asks for pages, keeps the cookie, and says which site it is on.
pub(crate) struct Browser {
    client: Client,
    cookie: Option<String>,
    language: String,
}

impl Browser {
    /// One in which nobody is signed in.
    pub(crate) fn nobody(site: &Site) -> Self {
        Self { client: site.client(), cookie: None, language: "en".into() }
    }

    /// One in which this person is signed in.
    pub(crate) fn of(site: &Site, person: &Person) -> Self {
        let (user, limits) = (person.user.id, site.running().state().config.limits.clone());
        let opened = site.store().write(move |tx| sessions::open(tx, user, "a browser", &limits));
        let opened: Result<_, Error> = opened;
        let cookie = format!("cardinal={}", opened.unwrap().1.reveal());
        Self { cookie: Some(cookie), ..Self::nobody(site) }
    }

    /// The same, reading another language.
    pub(crate) fn reading(mut self, language: &str) -> Self {
        language.clone_into(&mut self.language);
        self
    }

    #[track_caller]
    pub(crate) fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    /// Sends a form.
    #[track_caller]
    pub(crate) fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let form = form.extend_pairs(fields).finish();
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Sec-Fetch-Site", "same-origin"),
        ];
        self.send("POST", path, &headers, form.as_bytes())
    }

    /// Sends a form and goes where it leads.
    #[track_caller]
    pub(crate) fn submit_and_follow(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = self.submit(path, fields);
        assert_eq!(reply.status, 303, "{}", reply.text());
        let onward = reply.header("Location").unwrap().to_owned();
        self.get(&onward)
    }

    /// Sends a form with a file in it, as browsers write one.
    #[track_caller]
    pub(crate) fn upload(
        &mut self,
        path: &str,
        name: &str,
        media_type: &str,
        file: &[u8],
    ) -> Reply {
        let head = format!(
            "------x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.png\"\r\n\
             Content-Type: {media_type}\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n------x--\r\n"].concat();
        let headers = [
            ("Content-Type", "multipart/form-data; boundary=----x"),
            ("Sec-Fetch-Site", "same-origin"),
        ];
        self.send("POST", path, &headers, &body)
    }

    #[track_caller]
    fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let language = self.language.clone();
        let cookie = self.cookie.clone();
        let mut all = vec![("Accept", "text/html,*/*;q=0.8"), ("Accept-Language", &*language)];
        all.extend(cookie.as_deref().map(|cookie| ("Cookie", cookie)));
        all.extend(headers);
        let reply = self.client.send(method, path, &all, body).unwrap();
        if let Some(set) = reply.header("Set-Cookie") {
            let pair = set.split(';').next().unwrap_or_default();
            self.cookie = Some(pair.to_owned()).filter(|pair| !pair.ends_with('='));
        }
        reply
    }
}
