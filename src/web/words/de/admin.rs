//! Running the installation: how it does, people, invites.

use crate::domain::credits::Reason;
use crate::domain::invites::Status as InviteStatus;
use crate::domain::subscriptions::{Status, Tier};
use crate::web::words::admin::Admin;

pub(super) const WORDS: Admin = Admin {
    overview: "Überblick",
    people: "Leute",
    invites: "Einladungen",
    flags: "Schalter",
    jobs: "Aufträge",
    figures: "Vier Zahlen zum Beobachten",
    figures_since: "Gezählt, seit das Programm läuft,",
    conflicts: ("Konflikte", |value, threshold| {
        format!(
            "{value} der Änderungen trafen auf eine andere; über {threshold} wird es bedenklich."
        )
    }),
    retries: ("Zweite Versuche", |value, threshold| {
        format!(
            "{value} dessen, was nicht sofort gelang, gelang am Ende; unter {threshold} wird es bedenklich."
        )
    }),
    slugs: ("Keine Adresse gefunden", |value, threshold| {
        format!(
            "{value} der neuen Karten bekamen keine Adresse; über {threshold} wird es bedenklich."
        )
    }),
    attempts: ("Versuche bis zum Erfolg", |value, threshold| {
        format!("Im Mittel {value}; über {threshold} wird es bedenklich.")
    }),
    measured: |count| match count {
        0 => String::new(),
        count => format!("Grundlage: {count}."),
    },
    nothing_yet: "Noch nichts zu messen.",
    worry_above: |threshold| format!("Über {threshold} wird es bedenklich."),
    worry_below: |threshold| format!("Unter {threshold} wird es bedenklich."),
    well: "Wie es sein soll",
    worry: "Bedenklich",
    health: "Zustand",
    disk_full: "Die Platte ist voll: Lesen geht, Speichern nicht.",
    uptime: "Läuft seit",
    duration: |time| match time.as_secs() {
        0..60 => "weniger als einer Minute".to_owned(),
        60..7_200 => format!("{} min", time.as_secs() / 60),
        7_200..172_800 => format!("{} h", time.as_secs() / 3_600),
        _ => format!("{} Tagen", time.as_secs() / 86_400),
    },
    database: "Datenbank",
    log: "Protokoll",
    disk: "Platte",
    free: |size| format!("{size} frei"),
    memory: "Arbeitsspeicher",
    due: "Fällig",
    running: "Laufend",
    dead: "Aufgegeben",
    mail: "E-Mail",
    outbox: |dir| {
        format!("Wird nicht gesendet, sondern in {dir} geschrieben. Mit --smtp-url wird gesendet.")
    },
    program: "Programm",
    backup: "Sicherung",
    backup_lead: "Die ganze Datenbank, wie sie gerade ist, mit allen Daten und Passwort-Prüfsummen. Bewahre \
        sie auf, wo niemand sonst liest.",
    download: |size| format!("Kopie herunterladen, etwa {size}"),
    search: "Suchen",
    search_hint: "Name, Kurzname oder Adresse",
    nobody: "Niemand gefunden",
    nobody_lead: "Ein Teil des Namens, Kurznamens oder der Adresse genügt.",
    everybody: "Alle zeigen",
    person: "Person",
    role: "Rolle",
    joined: "Dabei seit",
    disabled: "Ausgesperrt",
    admin_role: "Verwaltung",
    member_role: "Mitglied",
    role_lead: "Wer verwaltet, führt die Installation: Personen, Einladungen, Schalter, Aufträge, Webhooks. \
        Mitglieder sehen davon nichts.",
    own_role_lead: "Das bist du. Als Mitglied kannst du dich nicht selbst wieder zur Verwaltung machen.",
    save_role: "Rolle speichern",
    role_saved: "Rolle gespeichert. Sie gilt ab dem nächsten Klick.",
    last_admin: "Danach würde niemand mehr verwalten. Mach zuerst jemand anderen dazu",
    access: "Zugang",
    access_lead: "Ein Link setzt einmal binnen einer Stunde ein neues Passwort. Aussperren beendet sofort alle \
        Anmeldungen und Schlüssel.",
    reset: "Link für neues Passwort machen",
    oneself: "Das bist du: niemand sperrt sich selbst aus.",
    disable: "Aussperren",
    disable_ask: "Diese Person jetzt aussperren?",
    enable: "Wieder hereinlassen",
    locked_out: "Ausgesperrt: alle Anmeldungen und Schlüssel sind beendet.",
    let_in: "Wieder hereingelassen.",
    reset_title: "Ein Link für ein neues Passwort",
    reset_lead: "Gib ihn selbst weiter: er steht nur dieses eine Mal hier, gilt einmal und hat den vorigen \
        beendet.",
    withheld: "Das wurde schon einmal gezeigt. Ist es nicht angekommen, mach etwas Neues.",
    done: "Ich habe es kopiert",
    subscription: "Abonnement",
    limits: |cards, webhooks| format!("Erlaubt jetzt {cards} Karten und {webhooks} Webhooks."),
    tier_label: "Stufe",
    tier: |tier| match tier {
        Tier::Free => "Frei",
        Tier::Standard => "Standard",
        Tier::Unlimited => "Unbegrenzt",
    },
    status_label: "Stand",
    status: |status| match status {
        Status::Active => "Aktiv",
        Status::Paused => "Angehalten",
        Status::Cancelled => "Gekündigt",
        Status::Expired => "Abgelaufen",
    },
    expires: "Endet",
    expires_day: "Endet am",
    expires_time: "Um (UTC)",
    expires_hint: "Ohne Tag endet es nie, ohne Uhrzeit mit diesem Tag.",
    no_day: "Kein Tag des Kalenders, wie 2027-01-31 einer ist",
    no_time: "Keine Uhrzeit, wie 17:30 eine ist",
    no_day_for_time: "Zu der Uhrzeit fehlt der Tag",
    ended: "Das ist vorbei: Was aktiv ist, endet in der Zukunft",
    endless: "ohne Ende",
    save_subscription: "Abonnement speichern",
    illegal: "Das geht von hier aus nicht: der Stand ist inzwischen ein anderer",
    balance: |available, held| match held {
        "0" => format!("{available} verfügbar."),
        held => format!("{available} verfügbar, {held} zurückgelegt."),
    },
    amount: "Guthaben",
    reason_label: "Grund",
    reason: |reason| match reason {
        Reason::Purchase => "Kauf",
        Reason::Promotion => "Aktion",
        Reason::Refund => "Erstattung",
        Reason::Adjustment => "Korrektur",
        Reason::Feature => "Funktion",
        Reason::Other => "Etwas anderes",
    },
    memo: "Notiz",
    give: "Guthaben geben",
    given: "Gegeben.",
    too_much: |most| format!("Ein Konto fasst höchstens {most}"),
    requests: "Anfragen",
    no_requests: "Niemand wartet",
    no_requests_lead: "Wer unter /invite um eine Einladung bittet, steht hier, bis jemand entscheidet.",
    decided: |count| format!("Entschieden: {count}"),
    asked: "Gefragt",
    decision: |status| match status {
        InviteStatus::Pending => "wartet",
        InviteStatus::Approved => "angenommen",
        InviteStatus::Rejected => "abgelehnt",
    },
    approve: "Annehmen",
    reject: "Ablehnen",
    rejected: "Abgelehnt.",
    faster: |name| match name {
        "" => "Das hat schon jemand entschieden. Nichts wurde geändert.".to_owned(),
        name => format!("{name} hat das schon entschieden. Nichts wurde geändert."),
    },
    codes: "Codes",
    uses: "Benutzt",
    withdraw: "Zurückziehen",
    withdraw_ask: "Diesen Code zurückziehen? Er lässt dann niemanden mehr herein.",
    withdrawn: "Zurückgezogen.",
    new_code: "Ein neuer Code",
    max_uses: "Für wie viele",
    days: "Für wie viele Tage",
    make_code: "Code machen",
    code_title: "Dein Einladungscode",
    code_lead: "Schick ihn dem, für den er ist: er steht nur dieses eine Mal hier.",
};
