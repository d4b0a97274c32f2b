//! JSON: an object a line, a list of objects, or objects of lists, as LR finders keep their histories.

use super::columns::{ColumnNames, Role};
use super::csv_file::text;
use super::table::{Row, Table};
use serde_json::{Map, Value};

/// What a JSON file holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    /// Objects of one step each.
    Rows(Table),
    /// Objects of lists, each with all steps of one curve.
    Lists {
        tables: Vec<Table>,
        /// The names of learning rates and losses in the first.
        names: [String; 2],
    },
}

pub(super) fn read(bytes: &[u8], columns: &ColumnNames) -> Result<Json, String> {
    let text = quoted(text(bytes)?);
    let values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    let values: Vec<Value> = values
        .collect::<Result<_, _>>()
        .map_err(|error| format!("is no JSON: {error}"))?;
    let objects: Vec<Map<String, Value>> = values.into_iter().flat_map(objects).collect();
    if objects.is_empty() {
        return Err("holds no JSON object with a learning rate and a loss".into());
    }
    let mut lists = Vec::new();
    let mut names = None;
    for object in &objects {
        if let Some(found) = lists_of(object, columns)? {
            lists.push(of_lists(object, &found, columns)?);
            names.get_or_insert(found);
        }
    }
    match names {
        None => Ok(Json::Rows(of_rows(objects))),
        Some(names) if lists.len() == objects.len() => Ok(Json::Lists { tables: lists, names }),
        Some(_) => Err("mixes objects of one step with objects of lists; import them as two files".into()),
    }
}

/// The objects in a value: itself, those that it lists, or the `log_history` of a Hugging Face trainer.
fn objects(value: Value) -> Vec<Map<String, Value>> {
    match value {
        Value::Object(mut object) => match object.remove("log_history") {
            Some(Value::Array(list)) => list.into_iter().filter_map(object_in).collect(),
            Some(other) => {
                object.insert("log_history".into(), other);
                vec![object]
            }
            None => vec![object],
        },
        Value::Array(list) => list.into_iter().filter_map(object_in).collect(),
        _ => Vec::new(),
    }
}

fn object_in(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// The names of the lists of rates and losses, if the object has such lists.
fn lists_of(object: &Map<String, Value>, columns: &ColumnNames) -> Result<Option<[String; 2]>, String> {
    let lists = object.iter().filter(|(_, value)| value.is_array());
    let names: Vec<String> = lists.map(|(name, _)| name.clone()).collect();
    if names.is_empty() {
        return Ok(None);
    }
    let found = [columns.find(Role::Lr, &names)?, columns.find(Role::Loss, &names)?];
    match found.map(|place| place.and_then(|place| names.get(place).cloned())) {
        [Some(lr), Some(loss)] => Ok(Some([lr, loss])),
        _ => Ok(None),
    }
}

/// A row for each value of the lists; a seed and a config that stand beside them go for all.
fn of_lists(object: &Map<String, Value>, names: &[String; 2], columns: &ColumnNames) -> Result<Table, String> {
    let list = |name: &String| {
        object
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice)
    };
    let [lrs, losses] = [list(&names[0]), list(&names[1])];
    if lrs.len() != losses.len() {
        return Err(format!(
            "has {} values in `{}` and {} in `{}`; cut the longer list so that each loss has its rate",
            lrs.len(),
            names[0],
            losses.len(),
            names[1]
        ));
    }
    let mut table = Table::default();
    let places = [table.column(&names[0]), table.column(&names[1])];
    let mut beside = Row::new();
    let singles = object
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), cell(value)?)));
    let (keys, values): (Vec<String>, Vec<String>) = singles.unzip();
    for role in [Role::Seed, Role::Config] {
        let place = columns.find(role, &keys)?;
        if let Some((name, value)) = place.and_then(|place| Some((keys.get(place)?, values.get(place)?))) {
            beside.push((table.column(name), value.clone()));
        }
    }
    for values in lrs.iter().zip(losses) {
        let own = places.into_iter().zip([values.0, values.1]);
        let mut row: Row = own.filter_map(|(place, value)| Some((place, cell(value)?))).collect();
        row.extend(beside.iter().cloned());
        table.row(row);
    }
    Ok(table)
}

fn of_rows(objects: Vec<Map<String, Value>>) -> Table {
    let mut table = Table::default();
    for object in objects {
        let cells = object
            .iter()
            .filter_map(|(name, value)| Some((table.column(name), cell(value)?)));
        let row = cells.collect();
        table.row(row);
    }
    table
}

/// A value as a cell; none for what is no single value.
fn cell(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The text with the `NaN` and `Infinity` that Python writes in quotes: JSON has no such numbers.
fn quoted(text: &str) -> String {
    const WORDS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    let (mut in_string, mut is_escaped) = (false, false);
    while let Some(letter) = rest.chars().next() {
        let word = WORDS.into_iter().find(|word| !in_string && rest.starts_with(word));
        if let Some(word) = word {
            result.push('"');
            result.push_str(word);
            result.push('"');
            rest = rest.get(word.len()..).unwrap_or_default();
            continue;
        }
        if letter == '"' && !is_escaped {
            in_string = !in_string;
        }
        is_escaped = in_string && letter == '\\' && !is_escaped;
        result.push(letter);
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_python_are_put_in_quotes_outside_of_strings() {
        let text = r#"{"a NaN \" NaN":[NaN,-Infinity, 1],"b":Infinity,"c":"\\"}"#;
        let expected = r#"{"a NaN \" NaN":["NaN","-Infinity", 1],"b":"Infinity","c":"\\"}"#;
        assert_eq!(quoted(text), expected);
    }

    fn columns(json: Json) -> Vec<(Vec<String>, usize)> {
        let tables = match json {
            Json::Rows(table) => vec![table],
            Json::Lists { tables, .. } => tables,
        };
        tables
            .iter()
            .map(|table| (table.columns().to_vec(), table.rows.len()))
            .collect()
    }

    #[test]
    fn rows_and_lists_are_told_apart() {
        let names = ColumnNames::default();
        let read = |text: &str| read(text.as_bytes(), &names).map(columns);
        let of = |names: &[&str], rows| (names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>(), rows);
        let rows = of(&["lr", "loss"], 2);
        assert_eq!(
            read("{\"lr\":1,\"loss\":2}\n{\"lr\":2,\"loss\":NaN}\n"),
            Ok(vec![rows.clone()])
        );
        assert_eq!(read("[{\"lr\":1,\"loss\":2},{\"lr\":2}]"), Ok(vec![rows.clone()]));
        assert_eq!(
            read("{\"log_history\":[{\"lr\":1},{\"loss\":2}]}"),
            Ok(vec![rows.clone()])
        );
        assert_eq!(read("{\"lr\":[1,2],\"loss\":[2,3]}"), Ok(vec![rows]));
        let seeds = read("{\"seed\":1,\"lr\":[1],\"loss\":[2]}\n{\"seed\":2,\"lr\":[1],\"loss\":[2]}");
        assert_eq!(seeds.unwrap().len(), 2);
        let error = read("{\"lr\":[1,2],\"loss\":[2]}").unwrap_err();
        assert!(error.starts_with("has 2 values in `lr` and 1 in `loss`"), "{error}");
        for nothing in ["", "[]", "1", "[1, 2]", "{", "{\"lr\":[1],\"loss\":[1]} {\"lr\":1}"] {
            assert!(read(nothing).is_err(), "{nothing}");
        }
    }
}
