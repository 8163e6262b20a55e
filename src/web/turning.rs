//! Lists in pages: newest first, and a way to those before.

/// Items of a page.
const SIZE: u32 = 50;
/// How many to fetch: one more than a page holds tells whether there is another.
pub const FETCH: u32 = SIZE + 1;

/// The items of this page, and the place of the last one if others come after it.
pub fn turned<T>(items: Vec<T>, place: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    turned_by(SIZE, items, place)
}

/// The same of pages of another size.
pub fn turned_by<T>(
    size: u32,
    mut items: Vec<T>,
    place: impl Fn(&T) -> String,
) -> (Vec<T>, Option<String>) {
    let size = size as usize;
    let more = items.len() > size;
    items.truncate(size);
    let last = items.last().filter(|_| more).map(place);
    (items, last)
}

/// An address with these parameters, but for those that are empty.
pub fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_of_another_only_where_there_is_one() {
        for (count, shown, last) in
            [(0, 0, None), (50, 50, None), (51, 50, Some("49")), (60, 50, Some("49"))]
        {
            let (items, next) = turned((0..count).collect::<Vec<i32>>(), i32::to_string);
            assert_eq!((items.len(), next.as_deref()), (shown, last), "{count}");
        }
    }

    #[test]
    fn an_address_bears_what_is_said_and_no_more() {
        assert_eq!(address("/leads", &[("status", ""), ("q", "")]), "/leads");
        let all = [("status", "open"), ("q", "a&b=ü")];
        assert_eq!(address("/leads", &all), "/leads?status=open&q=a%26b%3D%C3%BC");
    }
}
