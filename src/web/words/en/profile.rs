//! The profile.

use crate::web::words::profile::Profile;

pub(super) const WORDS: Profile = Profile {
    title: "Profile",
    lead: "Write it once; each card shows of it what you choose. You can leave anything empty.",
    personal: "You",
    personal_lead: "Who you are, apart from work. Addresses and numbers stay private until a card shows them.",
    professional: "Your work",
    professional_lead: "What you do, where, and how to reach you there.",
    field: |name| match name {
        "full_name" => "Full name",
        "date_of_birth" => "Date of birth",
        "primary_email" => "E-mail",
        "secondary_email" => "Second e-mail",
        "mobile_number" => "Mobile",
        "phone_number" => "Phone",
        "whatsapp_number" => "WhatsApp",
        "home_address" => "Home address",
        "bio" => "About you",
        "pronouns" => "Pronouns",
        "website" => "Website",
        "designation" => "Role",
        "department" => "Department",
        "company_name" => "Company",
        "company_website" => "Company website",
        "office_email" => "Office e-mail",
        "office_phone" => "Office phone",
        "office_address" => "Office address",
        "office_hours" => "Office hours",
        _ => "",
    },
    hint: |name| match name {
        "bio" => "What you would say in the first minute.",
        "office_hours" => "One line for each: Mon–Fri 9–17",
        "website" => "With https://",
        _ => "",
    },
    saved: "Saved. Your cards show it already.",
    merged: "Saved. What was changed elsewhere meanwhile was kept, too.",
    conflict_lead: |n| {
        let what = match n {
            1 => "one field was".to_owned(),
            n => format!("{n} fields were"),
        };
        format!(
            "Your profile was saved elsewhere while you were editing. Nothing is lost: {what} changed on both \
             sides, so you decide."
        )
    },
    saved_at: "Last saved",
    discard: "Keep what is saved",
    photo: "Photo",
    photo_lead: "Only the picture is kept: where and with what it was taken is removed.",
    photo_alt: "Your photo",
    choose: "Choose a picture",
    photo_hint: "PNG, JPEG or WebP, up to 5 MB.",
    upload: "Use this picture",
    remove: "Remove photo",
    photo_saved: "Your photo is on your cards.",
    photo_removed: "Your photo is removed.",
    photo_fault: |name| match name {
        "image-missing" => "Choose a picture first.",
        "image-type-mismatch" => {
            "This is no picture that can be read here. PNG, JPEG and WebP can."
        }
        "image-animated" => "This picture moves. Choose one that does not.",
        "image-too-large" => "This picture has too many pixels. 12 megapixels always fit.",
        _ => "This picture cannot be read: it is damaged or not all there.",
    },
};
