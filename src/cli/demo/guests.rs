//! Who is in the demo.

use crate::domain::cards::Template;

/// A person of the demo, with the profile and the cards.
pub(super) struct Guest {
    pub(super) name: &'static str,
    pub(super) handle: &'static str,
    pub(super) personal: &'static [Says],
    pub(super) professional: &'static [Says],
    pub(super) cards: &'static [Shown],
}

/// A card: its name, its look, its colour, and its links.
type Shown = (&'static str, Template, &'static str, &'static [Leads]);

/// A field of a profile and what it holds; the name is the guest's.
type Says = (&'static str, &'static str);

/// A link: its platform and its address.
type Leads = (&'static str, &'static str);

pub(super) const GUESTS: &[Guest] = &[
    Guest {
        name: "Ada Lovelace",
        handle: "ada",
        personal: &[
            ("bio", "I write for a machine that is not built yet."),
            ("pronouns", "she/her"),
            ("website", "https://example.org/ada"),
            ("primary_email", "ada@example.org"),
            ("mobile_number", "+44 20 7946 0018"),
        ],
        professional: &[
            ("designation", "Analyst"),
            ("company_name", "Analytical Engines"),
            ("office_address", "1 Dorset Street\nLondon"),
            ("office_hours", "Mon–Fri 9–17"),
        ],
        cards: &[
            (
                "Ada Lovelace",
                Template::PersonalDetailed,
                "#a31a24",
                &[("website", "https://example.org/ada"), ("mail", "mailto:ada@example.org")],
            ),
            (
                "Analytical Engines",
                Template::ProfessionalSmall,
                "#1f2937",
                &[("phone", "tel:+442079460018")],
            ),
        ],
    },
    Guest {
        name: "Grace Hopper",
        handle: "grace",
        personal: &[
            ("bio", "The most dangerous phrase: we have always done it this way."),
            ("website", "https://example.org/grace"),
        ],
        professional: &[
            ("designation", "Rear Admiral"),
            ("department", "Compilers"),
            ("company_name", "US Navy"),
        ],
        cards: &[(
            "Grace Hopper",
            Template::ProfessionalDetailed,
            "#1d4ed8",
            &[("website", "https://example.org/grace")],
        )],
    },
    Guest {
        name: "李雷",
        handle: "li-lei",
        personal: &[("bio", "你好！")],
        professional: &[("designation", "工程师")],
        cards: &[("李雷", Template::PersonalSmall, "#0b6e4f", &[])],
    },
    Guest {
        name: "ليلى العامري",
        handle: "layla",
        personal: &[("bio", "شاعرة")],
        professional: &[],
        cards: &[("ليلى العامري", Template::Custom, "#7c3aed", &[])],
    },
];
