//! Webhooks.

use crate::domain::webhooks::{End, Event, State};
use crate::web::words::webhooks::Webhooks;

pub(super) const WORDS: Webhooks = Webhooks {
    title: "Webhooks",
    lead: "Cardinal ruft diese Adressen an, wenn etwas geschieht, unterschrieben nach Standard Webhooks \
        1.0.",
    make: "Webhook anlegen",
    none: "Noch keine Webhooks",
    none_lead: "Ein Webhook meldet deinem CRM oder deinem Chat einen neuen Kontakt binnen einer Sekunde.",
    active: "Aktiv",
    paused: "Angehalten",
    ended: |end| match end {
        End::Gone => "Beendet: den Empfänger gibt es nicht mehr",
        End::Failing => "Beendet: seit Tagen Fehler",
    },
    url: "Adresse",
    url_hint: "https, aus dem Internet erreichbar.",
    events: "Melden, wenn",
    event: |event| match event {
        Event::CardCreated => "eine Karte entsteht",
        Event::CardUpdated => "eine Karte sich ändert",
        Event::CardDeleted => "eine Karte gelöscht wird",
        Event::LeadCreated => "ein Kontakt eingeht",
        Event::LeadClaimed => "ein Kontakt übernommen wird",
        Event::ShareOpened => "Geteiltes zum ersten Mal geöffnet wird",
        Event::CreditsCharged => "Guthaben ausgegeben wird",
        Event::Ping => "ein Test geschickt wird",
    },
    description: "Notiz",
    too_many: "Dein Abonnement erlaubt keine weiteren Webhooks. Lösche zuerst einen",
    secret: "Das Geheimnis deines Webhooks",
    secret_lead: "Kopiere es jetzt: es steht nur dieses eine Mal hier. Dein Empfänger prüft damit die \
        Unterschriften.",
    withheld: "Dieses Geheimnis wurde schon einmal gezeigt. Ist es nicht angekommen, mach auf der Seite des \
        Webhooks ein neues.",
    done: "Ich habe es kopiert",
    test: "Test schicken",
    pause: "Anhalten",
    resume: "Fortsetzen",
    sent: "Unterwegs. Gleich noch einmal ansehen.",
    edit: "Einstellungen",
    deliveries: "Zustellungen",
    no_deliveries: "Noch nichts geschickt",
    no_deliveries_lead: "Hier steht jede Nachricht mit ihrer Antwort. Ein Test zeigt, wie das aussieht.",
    event_head: "Ereignis",
    state_head: "Stand",
    state: |state| match state {
        State::Pending => "Unterwegs",
        State::Delivered => "Angekommen",
        State::Failed => "Aufgegeben",
    },
    answer: "Antwort",
    attempts: "Versuche",
    when: "Wann",
    again: "Noch einmal schicken",
    rotate: "Neues Geheimnis",
    rotate_lead: "Einen Tag lang tragen Nachrichten beide Unterschriften, damit beim Umstellen nichts verloren \
        geht.",
    rotate_go: "Neues Geheimnis machen",
    delete: "Diesen Webhook löschen",
    delete_lead: "Was dorthin unterwegs ist, wird nicht mehr zugestellt.",
    delete_go: "Endgültig löschen",
    deleted: "Der Webhook ist gelöscht.",
    failing_since: "Fehler seit",
    only_failing: "Nur gestörte zeigen",
    all: "Alle Webhooks zeigen",
    none_failing: "Keiner ist gestört",
    none_failing_lead: "Hier stehen Webhooks, bei denen nichts ankommt oder die beendet wurden.",
    none_anywhere: "Hier stehen die Webhooks aller Personen mit dem, was an sie zugestellt wurde.",
    made: "Angelegt",
};
