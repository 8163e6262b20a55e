//! API tokens.

use crate::domain::tokens::Scope;
use crate::web::words::tokens::Tokens;

pub(super) const WORDS: Tokens = Tokens {
    title: "API-Schlüssel",
    lead: "Für Programme, die für dich handeln. Jeder darf nur, was du ankreuzt.",
    make: "Schlüssel machen",
    none: "Noch keine Schlüssel",
    none_lead: "Mit einem Schlüssel arbeitet ein Skript oder ein anderer Dienst mit deinen Karten, ohne dein \
        Passwort.",
    made: "Gemacht am",
    ends: "endet am",
    for_good: "endet nicht",
    revoke: "Widerrufen",
    revoke_ask: "Diesen Schlüssel widerrufen? Programme, die ihn benutzen, stehen sofort still.",
    revoked: "Der Schlüssel ist widerrufen.",
    name: "Name",
    name_hint: "Wofür er ist, damit du ihn später erkennst.",
    scopes: "Was er darf",
    scopes_hint: "So wenig wie möglich. Erweitern lässt er sich nicht, nur wegwerfen.",
    scope: |scope| match scope {
        Scope::CardsRead => "Deine Karten sehen",
        Scope::CardsWrite => "Karten machen, ändern und löschen",
        Scope::ProfileRead => "Profil, Anmeldungen und Schlüssel sehen",
        Scope::ProfileWrite => "Profil und Konto ändern",
        Scope::LeadsRead => "Kontakte sehen",
        Scope::LeadsWrite => "Kontakte übernehmen und bearbeiten",
        Scope::SharesRead => "Geteiltes und Statistik sehen",
        Scope::SharesWrite => "Karten teilen",
        Scope::CreditsRead => "Guthaben sehen",
        Scope::CreditsWrite => "Guthaben ausgeben",
        Scope::Webhooks => "Webhooks verwalten",
        Scope::Jobs => "Aufträge abarbeiten",
        Scope::Admin => "Alles, was die Verwaltung darf",
    },
    no_scope: "Kreuze mindestens eins an",
    expiry: "Endet",
    life: |days| match days {
        "" => "Nicht von selbst".to_owned(),
        days => format!("Nach {days} Tagen"),
    },
    too_many: "Du hast so viele Schlüssel, wie man haben kann. Widerrufe zuerst einen",
    made_title: "Dein neuer Schlüssel",
    made_lead: "Kopiere ihn jetzt: er steht nur dieses eine Mal hier, und niemand kann ihn später nachsehen. \
        Sende ihn als „Authorization: Bearer …“.",
    withheld: "Dieser Schlüssel wurde schon einmal gezeigt. Ist er nicht angekommen, widerrufe ihn und mach \
        einen neuen.",
    done: "Ich habe ihn kopiert",
};
