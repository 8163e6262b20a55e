//! The table of routes: all of them, and who may. A line is also what the OpenAPI document says.

use crate::api::{
    accessibility, card_files, card_stats, cards, credits, events, flags, health, invites, jobs,
    lead_csv, leads, metrics, ofrep, passwords, photos, profiles, progress, public_cards, resets,
    saved_cards, sessions, shares, stats, subscriptions, tokens, tracking, trials, users, webhooks,
    well_known,
};
use crate::domain::tokens::Scope;
use crate::http::Access;
use crate::http::Access::{Admin, AnyMember, Anyone, Member, Operator, Public};
use crate::http::Method::{self, Delete, Get, Patch, Post, Put};
use crate::http::public_card::prefers_pages;
use crate::http::route::{About, Handler, Route};
use crate::web::admin::person;
use crate::web::webhooks::endpoint;
use crate::web::{self, admin};
use crate::{http::Ctx, http::ctx::Outcome, openapi};

const fn route(
    method: Method,
    path: &'static str,
    access: Access,
    handler: Handler,
    about: About,
) -> Route {
    Route { method, path, access, handler, about }
}

const CARDS_READ: Access = Member(Scope::CardsRead);
const CARDS_WRITE: Access = Member(Scope::CardsWrite);
const PROFILE_READ: Access = Member(Scope::ProfileRead);
const PROFILE_WRITE: Access = Member(Scope::ProfileWrite);
const CREDITS_READ: Access = Member(Scope::CreditsRead);
const CREDITS_WRITE: Access = Member(Scope::CreditsWrite);
const JOBS: Access = Admin(Scope::Jobs);
const WEBHOOKS: Access = Member(Scope::Webhooks);
const LEADS_READ: Access = Member(Scope::LeadsRead);
const LEADS_WRITE: Access = Member(Scope::LeadsWrite);
const SHARES_READ: Access = Member(Scope::SharesRead);
const SHARES_WRITE: Access = Member(Scope::SharesWrite);
const ADMIN: Access = Admin(Scope::Admin);
const OPERATOR: Access = Operator(Scope::Admin);

/// Every route.
#[rustfmt::skip]
pub static ROUTES: &[Route] = &[
    // Accounts
    route(Post, "/api/auth/register", Public, users::register, users::REGISTER_ABOUT),
    route(Post, "/api/auth/login", Public, sessions::login, sessions::LOGIN_ABOUT),
    route(Post, "/api/auth/logout", AnyMember, sessions::logout, sessions::LOGOUT_ABOUT),
    route(Get, "/api/me", AnyMember, users::me, users::ME_ABOUT),
    route(Patch, "/api/me", PROFILE_WRITE, users::update, users::UPDATE_ABOUT),
    route(Delete, "/api/me", PROFILE_WRITE, users::delete, users::DELETE_ABOUT),
    route(Get, "/api/tokens", PROFILE_READ, tokens::list, tokens::LIST_ABOUT),
    route(Post, "/api/tokens", PROFILE_WRITE, tokens::create, tokens::CREATE_ABOUT),
    route(Delete, "/api/tokens/{id}", PROFILE_WRITE, tokens::delete, tokens::DELETE_ABOUT),

    // Sessions, passwords, reset links
    route(Get, "/api/sessions", PROFILE_READ, sessions::list, sessions::LIST_ABOUT),
    route(Delete, "/api/sessions/{id}", PROFILE_WRITE, sessions::delete, sessions::DELETE_ABOUT),
    route(Post, "/api/sessions/revoke-others", PROFILE_WRITE, sessions::revoke_others, sessions::REVOKE_OTHERS_ABOUT),
    route(Post, "/api/me/password", PROFILE_WRITE, passwords::change, passwords::CHANGE_ABOUT),
    route(Get, "/api/admin/users", ADMIN, users::list, users::LIST_ABOUT),
    route(Put, "/api/admin/users/{id}/role", ADMIN, users::set_role, users::ROLE_ABOUT),
    route(Post, "/api/admin/users/{id}/reset-link", ADMIN, resets::create, resets::CREATE_ABOUT),
    route(Post, "/api/auth/reset", Public, resets::redeem, resets::REDEEM_ABOUT),

    // Trials and invites
    route(Post, "/api/trials", Public, trials::open, trials::OPEN_ABOUT),
    route(Post, "/api/trials/{id}/use", Public, trials::spend, trials::SPEND_ABOUT),
    route(Post, "/api/invites/requests", Public, invites::request, invites::REQUEST_ABOUT),
    route(Get, "/api/invites/requests", ADMIN, invites::requests, invites::REQUESTS_ABOUT),
    route(Post, "/api/invites/requests/{id}/approve", ADMIN, invites::approve, invites::APPROVE_ABOUT),
    route(Post, "/api/invites/requests/{id}/reject", ADMIN, invites::reject, invites::REJECT_ABOUT),
    route(Get, "/api/invites", ADMIN, invites::list, invites::LIST_ABOUT),
    route(Post, "/api/invites", ADMIN, invites::create, invites::CREATE_ABOUT),
    route(Delete, "/api/invites/{id}", ADMIN, invites::withdraw, invites::WITHDRAW_ABOUT),

    // Subscriptions and progress
    route(Get, "/api/subscription", PROFILE_READ, subscriptions::own, subscriptions::OWN_ABOUT),
    route(Get, "/api/admin/users/{id}/subscription", ADMIN, subscriptions::find, subscriptions::FIND_ABOUT),
    route(Put, "/api/admin/users/{id}/subscription", ADMIN, subscriptions::update, subscriptions::UPDATE_ABOUT),
    route(Get, "/api/progress", PROFILE_READ, progress::find, progress::FIND_ABOUT),
    route(Post, "/api/progress/checkin", PROFILE_WRITE, progress::check_in, progress::CHECK_IN_ABOUT),
    route(Post, "/api/progress/topics/{topic}", PROFILE_WRITE, progress::add, progress::ADD_ABOUT),

    // Profile and photo
    route(Get, "/api/profile/personal", PROFILE_READ, profiles::personal, profiles::PERSONAL_ABOUT),
    route(Put, "/api/profile/personal", PROFILE_WRITE, profiles::put_personal, profiles::PUT_PERSONAL_ABOUT),
    route(Patch, "/api/profile/personal", PROFILE_WRITE, profiles::patch_personal, profiles::PATCH_PERSONAL_ABOUT),
    route(Delete, "/api/profile/personal", PROFILE_WRITE, profiles::delete_personal, profiles::DELETE_ABOUT),
    route(Get, "/api/profile/professional", PROFILE_READ, profiles::professional, profiles::PROFESSIONAL_ABOUT),
    route(Put, "/api/profile/professional", PROFILE_WRITE, profiles::put_professional,
        profiles::PUT_PROFESSIONAL_ABOUT),
    route(Patch, "/api/profile/professional", PROFILE_WRITE, profiles::patch_professional,
        profiles::PATCH_PROFESSIONAL_ABOUT),
    route(Delete, "/api/profile/professional", PROFILE_WRITE, profiles::delete_professional, profiles::DELETE_ABOUT),
    route(Get, "/api/profile/photo", PROFILE_READ, photos::find, photos::FIND_ABOUT),
    route(Put, "/api/profile/photo", PROFILE_WRITE, photos::put, photos::PUT_ABOUT),
    route(Delete, "/api/profile/photo", PROFILE_WRITE, photos::delete, photos::DELETE_ABOUT),

    // Settings
    route(Get, "/api/settings/accessibility", PROFILE_READ, accessibility::find, accessibility::FIND_ABOUT),
    route(Patch, "/api/settings/accessibility", PROFILE_WRITE, accessibility::update, accessibility::UPDATE_ABOUT),

    // Flags
    route(Get, "/api/flags", ADMIN, flags::list, flags::LIST_ABOUT),
    route(Get, "/api/flags/{key}", ADMIN, flags::find, flags::FIND_ABOUT),
    route(Put, "/api/flags/{key}", ADMIN, flags::save, flags::SAVE_ABOUT),
    route(Post, "/api/flags/{key}/toggle", ADMIN, flags::toggle, flags::TOGGLE_ABOUT),
    route(Get, "/api/flags/{key}/overrides", ADMIN, flags::overrides, flags::OVERRIDES_ABOUT),
    route(Put, "/api/flags/{key}/overrides/{user_id}", ADMIN, flags::set_override, flags::OVERRIDE_ABOUT),
    route(Delete, "/api/flags/{key}/overrides/{user_id}", ADMIN, flags::clear_override, flags::CLEAR_ABOUT),
    route(Get, "/api/flags/{key}/audit", ADMIN, flags::history, flags::HISTORY_ABOUT),
    route(Post, "/ofrep/v1/evaluate/flags/{key}", AnyMember, ofrep::evaluate, ofrep::EVALUATE_ABOUT),
    route(Post, "/ofrep/v1/evaluate/flags", AnyMember, ofrep::evaluate_all, ofrep::EVALUATE_ALL_ABOUT),

    // Credits
    route(Get, "/api/credits", CREDITS_READ, credits::balance, credits::BALANCE_ABOUT),
    route(Get, "/api/credits/transfers", CREDITS_READ, credits::history, credits::HISTORY_ABOUT),
    route(Get, "/api/credits/reservations", CREDITS_READ, credits::reservations, credits::RESERVATIONS_ABOUT),
    route(Get, "/api/credits/reservations/{id}", CREDITS_READ, credits::reservation, credits::RESERVATION_ABOUT),
    route(Post, "/api/credits/grants", ADMIN, credits::grant, credits::GRANT_ABOUT),
    route(Post, "/api/credits/charges", CREDITS_WRITE, credits::charge, credits::CHARGE_ABOUT),
    route(Post, "/api/credits/reservations", CREDITS_WRITE, credits::reserve, credits::RESERVE_ABOUT),
    route(Post, "/api/credits/reservations/{id}/capture", CREDITS_WRITE, credits::capture, credits::CAPTURE_ABOUT),
    route(Post, "/api/credits/reservations/{id}/void", CREDITS_WRITE, credits::void, credits::VOID_ABOUT),
    route(Post, "/api/credits/transfers/{id}/reversal", ADMIN, credits::reverse, credits::REVERSE_ABOUT),

    // Jobs
    route(Post, "/api/jobs", JOBS, jobs::enqueue, jobs::ENQUEUE_ABOUT),
    route(Get, "/api/jobs", JOBS, jobs::list, jobs::LIST_ABOUT),
    route(Post, "/api/jobs/claim", JOBS, jobs::claim, jobs::CLAIM_ABOUT),
    route(Get, "/api/jobs/{id}", JOBS, jobs::find, jobs::FIND_ABOUT),
    route(Post, "/api/jobs/{id}/complete", JOBS, jobs::complete, jobs::COMPLETE_ABOUT),
    route(Post, "/api/jobs/{id}/heartbeat", JOBS, jobs::heartbeat, jobs::HEARTBEAT_ABOUT),
    route(Post, "/api/jobs/{id}/fail", JOBS, jobs::fail, jobs::FAIL_ABOUT),
    route(Post, "/api/jobs/{id}/snooze", JOBS, jobs::snooze, jobs::SNOOZE_ABOUT),
    route(Post, "/api/jobs/{id}/cancel", JOBS, jobs::cancel, jobs::CANCEL_ABOUT),
    route(Post, "/api/jobs/{id}/retry", JOBS, jobs::retry, jobs::RETRY_ABOUT),

    // Webhooks
    route(Get, "/api/webhooks", WEBHOOKS, webhooks::list, webhooks::LIST_ABOUT),
    route(Post, "/api/webhooks", WEBHOOKS, webhooks::create, webhooks::CREATE_ABOUT),
    route(Get, "/api/webhooks/{id}", WEBHOOKS, webhooks::find, webhooks::FIND_ABOUT),
    route(Patch, "/api/webhooks/{id}", WEBHOOKS, webhooks::update, webhooks::UPDATE_ABOUT),
    route(Delete, "/api/webhooks/{id}", WEBHOOKS, webhooks::delete, webhooks::DELETE_ABOUT),
    route(Post, "/api/webhooks/{id}/rotate", WEBHOOKS, webhooks::rotate, webhooks::ROTATE_ABOUT),
    route(Post, "/api/webhooks/{id}/test", WEBHOOKS, webhooks::test, webhooks::TEST_ABOUT),
    route(Get, "/api/webhooks/{id}/deliveries", WEBHOOKS, webhooks::deliveries, webhooks::DELIVERIES_ABOUT),
    route(Post, "/api/webhooks/{id}/deliveries/{delivery}/retry", WEBHOOKS, webhooks::retry, webhooks::RETRY_ABOUT),
    route(Get, "/api/admin/webhooks", ADMIN, webhooks::list_everybodys, webhooks::LIST_EVERYBODYS_ABOUT),
    route(Get, "/api/admin/webhooks/{id}/deliveries", ADMIN, webhooks::anybodys_deliveries,
        webhooks::ANYBODYS_DELIVERIES_ABOUT),

    // Cards
    route(Get, "/api/cards", CARDS_READ, cards::list, cards::LIST_ABOUT),
    route(Post, "/api/cards", CARDS_WRITE, cards::create, cards::CREATE_ABOUT),
    route(Patch, "/api/cards", CARDS_WRITE, cards::update_by_body, cards::UPDATE_ABOUT),
    route(Get, "/api/cards/{id}", CARDS_READ, cards::find, cards::FIND_ABOUT),
    route(Patch, "/api/cards/{id}", CARDS_WRITE, cards::update, cards::UPDATE_ABOUT),
    route(Delete, "/api/cards/{id}", CARDS_WRITE, cards::delete, cards::DELETE_ABOUT),
    route(Put, "/api/cards/{id}/links", CARDS_WRITE, cards::replace_links, cards::LINKS_ABOUT),
    route(Put, "/api/cards/{id}/default", CARDS_WRITE, cards::make_default, cards::DEFAULT_ABOUT),
    route(Put, "/api/cards/{id}/active", CARDS_WRITE, cards::set_active, cards::ACTIVE_ABOUT),

    // Saved cards
    route(Get, "/api/saved", CARDS_READ, saved_cards::list, saved_cards::LIST_ABOUT),
    route(Put, "/api/saved/{card_id}", CARDS_WRITE, saved_cards::save, saved_cards::SAVE_ABOUT),
    route(Delete, "/api/saved/{card_id}", CARDS_WRITE, saved_cards::unsave, saved_cards::UNSAVE_ABOUT),

    // Leads
    route(Post, "/api/public/cards/{slug}/leads", Public, leads::submit, leads::SUBMIT_ABOUT),
    route(Get, "/api/leads", LEADS_READ, leads::list, leads::LIST_ABOUT),
    route(Get, "/api/leads.csv", LEADS_READ, lead_csv::export, leads::EXPORT_ABOUT),
    route(Post, "/api/leads/claim-next", LEADS_WRITE, leads::claim_next, leads::CLAIM_NEXT_ABOUT),
    route(Get, "/api/leads/{id}", LEADS_READ, leads::find, leads::FIND_ABOUT),
    route(Patch, "/api/leads/{id}", LEADS_WRITE, leads::update, leads::UPDATE_ABOUT),
    route(Get, "/api/leads/{id}/history", LEADS_READ, leads::history, leads::HISTORY_ABOUT),
    route(Post, "/api/leads/{id}/claim", LEADS_WRITE, leads::claim, leads::CLAIM_ABOUT),
    route(Post, "/api/leads/{id}/release", LEADS_WRITE, leads::release, leads::RELEASE_ABOUT),
    route(Post, "/api/leads/{id}/reassign", ADMIN, leads::reassign, leads::REASSIGN_ABOUT),
    // Shares, and what came of them
    route(Get, "/api/shares", SHARES_READ, shares::list, shares::LIST_ABOUT),
    route(Post, "/api/shares", SHARES_WRITE, shares::create, shares::CREATE_ABOUT),
    route(Get, "/api/shares/{tracking_id}", SHARES_READ, shares::find, shares::FIND_ABOUT),
    route(Put, "/api/shares/{tracking_id}", SHARES_WRITE, shares::put, shares::PUT_ABOUT),
    route(Post, "/api/events", SHARES_WRITE, events::record, events::RECORD_ABOUT),
    route(Get, "/api/cards/{id}/stats", SHARES_READ, card_stats::find, card_stats::FIND_ABOUT),
    route(Get, "/t/{tracking_id}.gif", Public, tracking::pixel, tracking::PIXEL_ABOUT),
    route(Get, "/t/{tracking_id}", Public, tracking::follow, tracking::FOLLOW_ABOUT),
    route(Get, "/.well-known/gpc.json", Public, tracking::gpc, tracking::GPC_ABOUT),

    // In public
    route(Get, "/c/{slug}", Anyone, card, public_cards::SHOW_ABOUT),
    route(Get, "/c/{slug}.json", Anyone, public_cards::show, public_cards::SHOW_ABOUT),
    route(Get, "/c/{slug}.vcf", Public, card_files::vcf, card_files::VCARD_ABOUT),
    route(Get, "/c/{slug}/qr.svg", Public, card_files::qr_svg, card_files::SVG_ABOUT),
    route(Get, "/c/{slug}/qr.png", Public, card_files::qr_png, card_files::PNG_ABOUT),
    route(Get, "/c/{slug}/og.png", Public, web::picture::show, web::picture::ABOUT),
    route(Get, "/u/{handle}", Public, public_cards::default, public_cards::DEFAULT_ABOUT),
    route(Get, "/photos/{hash}.jpg", Public, photos::show, photos::SHOW_ABOUT),

    // Operations
    route(Get, "/livez", Public, health::live, health::LIVE_ABOUT),
    route(Get, "/readyz", Public, health::ready, health::READY_ABOUT),
    route(Get, "/healthz", Public, health::ready, health::READY_ABOUT),
    route(Get, "/metrics", OPERATOR, metrics::show, metrics::SHOW_ABOUT),
    route(Get, "/api/admin/stats", ADMIN, stats::show, stats::SHOW_ABOUT),
    route(Get, "/.well-known/security.txt", Public, well_known::security, well_known::SECURITY_ABOUT),
    route(Get, "/robots.txt", Public, well_known::robots, well_known::ROBOTS_ABOUT),
    route(Get, "/api/openapi.json", Public, describe, openapi::ABOUT),

    // Pages
    route(Get, "/", Anyone, web::home::show, web::home::ABOUT),
    route(Get, "/login", Anyone, web::sign_in::form, web::sign_in::FORM_ABOUT),
    route(Post, "/login", Public, web::sign_in::submit, web::sign_in::SUBMIT_ABOUT),
    route(Get, "/open", Public, web::sign_in::open, web::sign_in::OPEN_ABOUT),
    route(Post, "/logout", Anyone, web::sign_in::logout, web::sign_in::LOGOUT_ABOUT),
    route(Get, "/register", Anyone, web::register::form, web::register::FORM_ABOUT),
    route(Post, "/register", Public, web::register::submit, web::register::SUBMIT_ABOUT),
    route(Get, "/invite", Public, web::invite_requests::form, web::invite_requests::FORM_ABOUT),
    route(Post, "/invite", Public, web::invite_requests::submit, web::invite_requests::SUBMIT_ABOUT),
    route(Get, "/setup", Public, web::setup::form, web::setup::FORM_ABOUT),
    route(Post, "/setup", Public, web::setup::submit, web::setup::SUBMIT_ABOUT),
    route(Get, "/reset", Public, web::reset::form, web::reset::FORM_ABOUT),
    route(Post, "/reset", Public, web::reset::submit, web::reset::SUBMIT_ABOUT),
    route(Get, "/cards", AnyMember, web::dashboard::list, web::dashboard::LIST_ABOUT),
    route(Get, "/cards/new", AnyMember, web::new_cards::form, web::new_cards::FORM_ABOUT),
    route(Post, "/cards", AnyMember, web::new_cards::submit, web::new_cards::SUBMIT_ABOUT),
    route(Get, "/cards/{id}/ready", AnyMember, web::new_cards::ready, web::new_cards::READY_ABOUT),
    route(Get, "/cards/{id}/edit", AnyMember, web::editor::form, web::editor::FORM_ABOUT),
    route(Post, "/cards/{id}/edit", AnyMember, web::editor::submit, web::editor::SUBMIT_ABOUT),
    route(Get, "/cards/preview", AnyMember, web::editor::preview, web::editor::PREVIEW_ABOUT),
    route(Post, "/cards/preview", AnyMember, web::editor::send_preview, web::editor::SEND_PREVIEW_ABOUT),
    route(Post, "/cards/{id}/duplicate", AnyMember, web::dashboard::duplicate, web::dashboard::DUPLICATE_ABOUT),
    route(Post, "/cards/{id}/active", AnyMember, web::dashboard::set_active, web::dashboard::ACTIVE_ABOUT),
    route(Post, "/cards/{id}/default", AnyMember, web::dashboard::make_default, web::dashboard::DEFAULT_ABOUT),
    route(Get, "/cards/{id}/delete", AnyMember, web::dashboard::ask_delete, web::dashboard::ASK_ABOUT),
    route(Post, "/cards/{id}/delete", AnyMember, web::dashboard::delete, web::dashboard::DELETE_ABOUT),
    route(Get, "/settings", AnyMember, web::settings::show, web::settings::SHOW_ABOUT),
    route(Post, "/settings/language", AnyMember, web::settings::choose_language, web::settings::LANGUAGE_ABOUT),
    route(Get, "/leads", AnyMember, web::leads::list, web::leads::LIST_ABOUT),
    route(Post, "/leads/claim-next", AnyMember, web::leads::claim_next, web::leads::CLAIM_NEXT_ABOUT),
    route(Get, "/leads/{id}", AnyMember, web::leads::show, web::leads::SHOW_ABOUT),
    route(Post, "/leads/{id}", AnyMember, web::leads::save, web::leads::SAVE_ABOUT),
    route(Post, "/leads/{id}/claim", AnyMember, web::leads::claim, web::leads::CLAIM_ABOUT),
    route(Post, "/leads/{id}/release", AnyMember, web::leads::release, web::leads::RELEASE_ABOUT),
    route(Post, "/leads/{id}/reassign", ADMIN, web::leads::reassign, web::leads::REASSIGN_ABOUT),
    route(Get, "/shares", AnyMember, web::shares::list, web::shares::LIST_ABOUT),
    route(Post, "/shares", AnyMember, web::shares::create, web::shares::CREATE_ABOUT),
    route(Get, "/shares/{tracking_id}", AnyMember, web::shares::show, web::shares::SHOW_ABOUT),
    route(Get, "/cards/{id}/stats", AnyMember, web::stats::show, web::stats::SHOW_ABOUT),
    route(Get, "/credits", AnyMember, web::credits::show, web::credits::SHOW_ABOUT),
    route(Get, "/saved", AnyMember, web::saved::list, web::saved::LIST_ABOUT),
    route(Post, "/saved/{card_id}", AnyMember, web::saved::save, web::saved::SAVE_ABOUT),
    route(Post, "/saved/{card_id}/remove", AnyMember, web::saved::remove, web::saved::REMOVE_ABOUT),
    route(Get, "/progress", AnyMember, web::progress::show, web::progress::SHOW_ABOUT),
    route(Post, "/progress/checkin", AnyMember, web::progress::check_in, web::progress::CHECK_IN_ABOUT),
    route(Get, "/manifest.webmanifest", Public, web::assets::manifest, web::assets::MANIFEST_ABOUT),
    route(Get, "/favicon.ico", Public, web::assets::favicon, web::assets::FAVICON_ABOUT),
    route(Get, "/profile", AnyMember, web::profile::show, web::profile::SHOW_ABOUT),
    route(Post, "/profile", AnyMember, web::profile::photo::upload, web::profile::photo::UPLOAD_ABOUT),
    route(Post, "/profile/photo/delete", AnyMember, web::profile::photo::delete, web::profile::photo::DELETE_ABOUT),
    route(Post, "/profile/personal", AnyMember, web::profile::save_personal, web::profile::PERSONAL_ABOUT),
    route(Post, "/profile/professional", AnyMember, web::profile::save_professional, web::profile::PROFESSIONAL_ABOUT),
    route(Post, "/settings/account", AnyMember, web::account::update, web::account::UPDATE_ABOUT),
    route(Post, "/settings/password", AnyMember, web::account::change_password, web::account::PASSWORD_ABOUT),
    route(Post, "/settings/accessibility", AnyMember, web::settings::choose_needs, web::settings::ACCESSIBILITY_ABOUT),
    route(Post, "/settings/delete", AnyMember, web::account::delete, web::account::DELETE_ABOUT),
    route(Get, "/sessions", AnyMember, web::sessions::list, web::sessions::LIST_ABOUT),
    route(Post, "/sessions/end-others", AnyMember, web::sessions::end_others, web::sessions::END_OTHERS_ABOUT),
    route(Post, "/sessions/{id}/end", AnyMember, web::sessions::end, web::sessions::END_ABOUT),
    route(Get, "/tokens", AnyMember, web::tokens::list, web::tokens::LIST_ABOUT),
    route(Post, "/tokens", AnyMember, web::tokens::create, web::tokens::CREATE_ABOUT),
    route(Get, "/tokens/new", AnyMember, web::tokens::form, web::tokens::FORM_ABOUT),
    route(Post, "/tokens/{id}/revoke", AnyMember, web::tokens::revoke, web::tokens::REVOKE_ABOUT),
    route(Get, "/webhooks", AnyMember, web::webhooks::list, web::webhooks::LIST_ABOUT),
    route(Post, "/webhooks", AnyMember, web::webhooks::create, web::webhooks::CREATE_ABOUT),
    route(Get, "/webhooks/new", AnyMember, web::webhooks::form, web::webhooks::FORM_ABOUT),
    route(Get, "/webhooks/{id}", AnyMember, endpoint::show, endpoint::SHOW_ABOUT),
    route(Post, "/webhooks/{id}", AnyMember, endpoint::update, endpoint::UPDATE_ABOUT),
    route(Post, "/webhooks/{id}/active", AnyMember, endpoint::set_active, endpoint::ACTIVE_ABOUT),
    route(Post, "/webhooks/{id}/rotate", AnyMember, endpoint::rotate, endpoint::ROTATE_ABOUT),
    route(Post, "/webhooks/{id}/test", AnyMember, endpoint::test, endpoint::TEST_ABOUT),
    route(Post, "/webhooks/{id}/delete", AnyMember, endpoint::delete, endpoint::DELETE_ABOUT),
    route(Post, "/webhooks/{id}/deliveries/{delivery}/retry", AnyMember, endpoint::retry, endpoint::RETRY_ABOUT),
    route(Get, "/admin", ADMIN, admin::show, admin::SHOW_ABOUT),
    route(Post, "/admin/backup", ADMIN, admin::backup_file, admin::BACKUP_ABOUT),
    route(Get, "/admin/people", ADMIN, admin::people::list, admin::people::LIST_ABOUT),
    route(Get, "/admin/people/{id}", ADMIN, person::show, person::SHOW_ABOUT),
    route(Post, "/admin/people/{id}/enabled", ADMIN, person::set_enabled, person::ENABLED_ABOUT),
    route(Post, "/admin/people/{id}/role", ADMIN, person::set_role, person::ROLE_ABOUT),
    route(Post, "/admin/people/{id}/reset-link", ADMIN, person::reset_link, person::RESET_ABOUT),
    route(Post, "/admin/people/{id}/subscription", ADMIN, person::set_subscription, person::SUBSCRIPTION_ABOUT),
    route(Post, "/admin/people/{id}/credits", ADMIN, person::give, person::CREDITS_ABOUT),
    route(Get, "/admin/invites", ADMIN, admin::invites::list, admin::invites::LIST_ABOUT),
    route(Post, "/admin/invites", ADMIN, admin::invites::create, admin::invites::CREATE_ABOUT),
    route(Post, "/admin/invites/requests/{id}/approve", ADMIN, admin::invites::approve, admin::invites::APPROVE_ABOUT),
    route(Post, "/admin/invites/requests/{id}/reject", ADMIN, admin::invites::reject, admin::invites::REJECT_ABOUT),
    route(Post, "/admin/invites/{id}/withdraw", ADMIN, admin::invites::withdraw, admin::invites::WITHDRAW_ABOUT),
    route(Get, "/admin/flags", ADMIN, admin::flags::list, admin::flags::LIST_ABOUT),
    route(Post, "/admin/flags", ADMIN, admin::flags::create, admin::flags::CREATE_ABOUT),
    route(Get, "/admin/flags/new", ADMIN, admin::flags::form, admin::flags::FORM_ABOUT),
    route(Get, "/admin/flags/{key}", ADMIN, admin::flag::show, admin::flag::SHOW_ABOUT),
    route(Post, "/admin/flags/{key}", ADMIN, admin::flag::save, admin::flag::SAVE_ABOUT),
    route(Post, "/admin/flags/{key}/toggle", ADMIN, admin::flag::toggle, admin::flag::TOGGLE_ABOUT),
    route(Post, "/admin/flags/{key}/overrides", ADMIN, admin::flag::rule, admin::flag::RULE_ABOUT),
    route(Get, "/admin/jobs", ADMIN, admin::jobs::list, admin::jobs::LIST_ABOUT),
    route(Get, "/admin/jobs/{id}", ADMIN, admin::jobs::show, admin::jobs::SHOW_ABOUT),
    route(Post, "/admin/jobs/{id}/retry", ADMIN, admin::jobs::retry, admin::jobs::RETRY_ABOUT),
    route(Post, "/admin/jobs/{id}/cancel", ADMIN, admin::jobs::cancel, admin::jobs::CANCEL_ABOUT),
    route(Get, "/admin/webhooks", ADMIN, admin::webhooks::list, admin::webhooks::LIST_ABOUT),
    route(Get, "/admin/webhooks/{id}", ADMIN, admin::webhooks::show, admin::webhooks::SHOW_ABOUT),
    route(Get, "/assets/{version}/{name}", Public, web::assets::asset, web::assets::ABOUT),
    route(Get, "/c/{slug}/contact", Public, web::contact::show, web::contact::SHOW_ABOUT),
    route(Post, "/c/{slug}/contact", Public, web::contact::submit, web::contact::SUBMIT_ABOUT),
];

/// A card at its slug: as a page to whoever asks for pages, else as JSON.
fn card(ctx: Ctx) -> Outcome {
    let asked = ctx.request().head.headers.get("accept").unwrap_or_default();
    if prefers_pages(asked) { web::public_card::show(ctx) } else { public_cards::show(ctx) }
}

/// This table as an OpenAPI document. 200.
#[expect(clippy::unnecessary_wraps, reason = "a handler's answer")]
fn describe(_: Ctx) -> Outcome {
    Ok(openapi::reply(ROUTES))
}
