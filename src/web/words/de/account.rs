//! Signing in, and getting an account.

use crate::web::words::account::Account;

pub(super) const WORDS: Account = Account {
    sign_in: "Anmelden",
    sign_in_lead: "Schön, dass du wieder da bist.",
    sign_in_first: "Melde dich an, um diese Seite zu sehen.",
    expired: "Deine Anmeldung ist abgelaufen. Was du geschickt hast, ist noch da: anmelden, dann geht es weiter.",
    resume: "Du bist wieder angemeldet",
    resume_lead: "Was du geschrieben hast, ist noch da und wurde noch nicht gesendet.",
    resume_go: "Jetzt senden",
    email: "E-Mail",
    password: "Passwort",
    name: "Dein Name",
    handle: "Kurzname",
    handle_hint: |url| {
        format!(
            "{url}/u/… führt zu deiner Hauptkarte. Leer gelassen, wird er aus dem Namen gemacht."
        )
    },
    password_hint: "Mindestens 15 Zeichen. Ein paar Wörter hintereinander sind gut.",
    forgotten: "Passwort vergessen?",
    forgotten_help: "Wer diese Installation betreibt, kann dir einen Link machen, der ein neues setzt.",
    no_account: "Konto anlegen",
    register: "Konto anlegen",
    register_lead: "Bis zur ersten Karte dauert es eine Minute.",
    have_account: "Ich habe ein Konto",
    closed: "Konten legt an, wer diese Installation betreibt. Frag nach einem.",
    invite_code: "Einladungscode",
    invite_hint: "Er kam mit deiner Einladung.",
    ask_invite: "Um Einladung bitten",
    ask_invite_lead: "Sag, wer du bist. Jemand hier liest es und schickt dir einen Code.",
    motivation: "Was führt dich her?",
    motivation_hint: "Ein, zwei Sätze genügen.",
    asked: "Danke",
    asked_lead: "Deine Bitte liegt bei denen, die diese Installation betreiben. Sie schreiben dir.",
    wrong: "E-Mail-Adresse und Passwort passen nicht zusammen. Weiter wurde nichts geprüft.",
    throttled: "Das waren zu viele Versuche. Ein paar Minuten warten, dann geht es wieder.",
    email_taken: "Mit dieser Adresse gibt es schon ein Konto. Melde dich damit an.",
    handle_taken: "Diesen Kurznamen hat schon jemand.",
    invite_invalid: "Diesen Code gibt es nicht, er ist aufgebraucht oder zu alt.",
    set_up: "Cardinal einrichten",
    set_up_lead: "Damit verwaltest du diese Installation. Der Link gilt einmal.",
    fresh: "Cardinal",
    fresh_lead: "Noch betreibt niemand diese Installation. Öffne den Link, den das Programm beim Start \
                 ausgegeben hat: Er macht dich zur Verwaltung.",
    reset: "Neues Passwort setzen",
    reset_lead: "Das beendet jede Anmeldung. Der Link gilt einmal.",
    new_password: "Neues Passwort",
    reset_done: "Dein Passwort ist gesetzt",
    reset_done_lead: |email| {
        format!("Jede Anmeldung von {email} ist beendet. Melde dich mit dem neuen Passwort an.")
    },
    dead: "Dieser Link gilt nicht mehr",
    dead_lead: "Er wurde benutzt, ist abgelaufen, oder es gibt einen neueren. Frag nach einem neuen, wer ihn dir \
                gab.",
};
