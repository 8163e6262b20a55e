//! The public card.

/// Its texts.
#[derive(Debug)]
pub struct Card {
    /// Puts the person into one's address book.
    pub save: &'static str,
    /// Calls.
    pub call: &'static str,
    /// Writes a mail.
    pub mail: &'static str,
    /// Writes a message.
    pub message_them: &'static str,
    /// Shows the place.
    pub map: &'static str,
    /// What the row of those is called.
    pub actions: &'static str,
    /// The photo of somebody.
    pub photo_of: fn(&str) -> String,
    /// The list of links.
    pub links: &'static str,
    /// The group of links to elsewhere on the web.
    pub elsewhere: &'static str,
    /// The group of links that call or write.
    pub direct: &'static str,
    /// The text about oneself.
    pub about: &'static str,
    /// The list of facts.
    pub facts: &'static str,
    /// A mobile number.
    pub mobile: &'static str,
    /// A telephone number.
    pub phone: &'static str,
    /// The office's.
    pub office_phone: &'static str,
    /// A number to write to.
    pub whatsapp: &'static str,
    /// An address of mail.
    pub email: &'static str,
    /// The office's.
    pub office_email: &'static str,
    /// A website.
    pub website: &'static str,
    /// The company's.
    pub company_website: &'static str,
    /// A postal address.
    pub address: &'static str,
    /// The office's.
    pub office_address: &'static str,
    /// When the office is open.
    pub hours: &'static str,
    /// Day of birth.
    pub birthday: &'static str,
    /// Opens the form.
    pub exchange: &'static str,
    /// What the form is for.
    pub exchange_lead: fn(&str) -> String,
    /// Who fills it in.
    pub your_name: &'static str,
    /// Their address.
    pub your_email: &'static str,
    /// Their number.
    pub your_phone: &'static str,
    /// Their company.
    pub your_company: &'static str,
    /// What they want to say.
    pub your_message: &'static str,
    /// Agrees to being written to.
    pub consent: fn(&str) -> String,
    /// What happens with what is sent.
    pub fate: fn(&str) -> String,
    /// Sends it.
    pub send: &'static str,
    /// A field that people do not see.
    pub leave_empty: &'static str,
    /// It was sent.
    pub sent: &'static str,
    /// What comes now.
    pub sent_lead: fn(&str) -> String,
    /// Back to the card.
    pub back: &'static str,
    /// Too many came from one place.
    pub throttled: &'static str,
    /// The card takes none.
    pub closed: &'static str,
    /// Shows the code.
    pub qr: &'static str,
    /// What the code does.
    pub qr_hint: &'static str,
    /// Shares the card.
    pub share: &'static str,
    /// The address is in the clipboard.
    pub copied: &'static str,
    /// What the page keeps of its readers.
    pub privacy: &'static str,
    /// What a search engine says of the card.
    pub description: fn(&str) -> String,
    /// What is there for whoever is signed in.
    pub member: &'static str,
    /// Saves the card.
    pub keep: &'static str,
    /// It is saved; leads to the others.
    pub kept: &'static str,
    /// Takes it out.
    pub unkeep: &'static str,
    /// It is the reader's.
    pub own: &'static str,
    /// What that means.
    pub own_hint: &'static str,
    /// Leads to its editor.
    pub edit: &'static str,
    /// A preview.
    pub preview: &'static str,
    /// The name that a card without any has in a preview.
    pub nobody: &'static str,
}
