//! Everybody with an account.

use super::super::asks::Asks;
use super::super::icons::Icon;
use super::super::layout::{Frame, Place, Sheet};
use super::super::parts::{day, empty, more};
use super::super::shows;
use super::super::words::admin::Admin;
use super::{Tab, head};
use crate::domain::users::{self, Role, User};
use crate::http::page::Page;
use crate::http::route::About;
use crate::http::{Ctx, Outcome};
use maud::{Markup, html};

/// `GET /admin/people`
pub const LIST_ABOUT: About = shows("Everybody with an account; ?q= looks for somebody");

/// Everybody, or whoever is looked for. 200.
pub fn list(ctx: Ctx) -> Outcome {
    let (asks, page) = (Asks::of(&ctx), Page::of(&ctx));
    let asked = ctx.query("q").unwrap_or_default();
    ctx.read(|read, who| {
        let (frame, page) = (Frame::of(&asks, read, who)?, page?);
        let mut found = match asked.trim() {
            "" => users::page(read, page.after, page.fetch())?,
            text => users::search(read, text, page.after, page.fetch())?,
        };
        let next = page.cut(&mut found, |user| user.id);
        let words = &frame.words.admin;
        let content = html! {
            (head(frame.words, Tab::People, words.people, &html! {}))
            form.row.search method="get" action="/admin/people" role="search" {
                label.visually-hidden for="q" { (words.search) }
                input.grow #q type="search" name="q" value=(asked) placeholder=(words.search_hint) data-key="/";
                button.plain { (words.search) }
            }
            @if found.is_empty() {
                @let step = html! { a.button.plain href="/admin/people" { (words.everybody) } };
                (empty(Icon::Search, words.nobody, words.nobody_lead, &step))
            } @else { (table(&frame, &found)) }
            (more(frame.words, next.as_deref()))
        };
        Ok(frame.page(200, &Sheet::new(words.people, content).at(Place::Admin)))
    })
}

fn table(frame: &Frame, people: &[User]) -> Markup {
    let words = &frame.words.admin;
    html! {
        table.table {
            caption.visually-hidden { (words.people) }
            thead { tr {
                th scope="col" { (words.person) }
                th scope="col" { (frame.words.account.email) }
                th scope="col" { (words.role) }
                th scope="col" { (words.joined) }
            } }
            tbody {
                @for user in people {
                    tr {
                        td data-label=(words.person) { a href={ "/admin/people/" (user.id) } { (user.display_name) } }
                        td data-label=(frame.words.account.email) { (user.email) }
                        td data-label=(words.role) { (standing(frame, user)) }
                        td data-label=(words.joined) { (day(frame.words, user.created)) }
                    }
                }
            }
        }
    }
}

/// What somebody may, as a tag.
pub(super) fn standing(frame: &Frame, user: &User) -> Markup {
    let words = &frame.words.admin;
    match (user.disabled, user.role) {
        (Some(_), _) => html! { span.tag.warn { (words.disabled) } },
        (None, role @ Role::Admin) => html! { span.tag.accent { (role_name(words, role)) } },
        (None, role @ Role::Member) => html! { span.tag { (role_name(words, role)) } },
    }
}

/// What a role is called.
pub(super) const fn role_name(words: &Admin, role: Role) -> &'static str {
    match role {
        Role::Admin => words.admin_role,
        Role::Member => words.member_role,
    }
}
