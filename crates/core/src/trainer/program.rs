//! A program of the user's that trains: the table `[trainer]`.

use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use toml::{Table, Value};

/// A command that trains what it is asked for over the protocol of `docs/protocol.md`; table `[trainer]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Program {
    /// The program and its first arguments, for example `["python", "train.py"]`. A program with a slash in its name is
    /// looked for from the working folder, any other on the `PATH`. `${NAME}` in any word is the environment variable
    /// of that name, filled in when a run starts.
    pub command: Vec<String>,
    /// Where the command runs. A relative path starts at the folder of the file that says it. Default: the folder of
    /// the file that says `command`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_dir: Option<String>,
    /// Files whose content is part of a trial, as paths or patterns (`models/*.py`, `**/*.py`) from the working folder.
    /// Default: the words of `command` that name files there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inputs: Option<Vec<String>>,
    /// Further arguments, in the order of the file: `batch-size = 64` is `--batch-size 64`, `amp = true` is `--amp`,
    /// `amp = false` is nothing, and `layers = [1, 2]` is `--layers 1 2`. A key that begins with `-` is written as it
    /// is.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub args: Table,
    /// SHA-256 of each file that `inputs` names, in hexadecimal, by its path from the working folder. Filled in when a
    /// study is read; one that stands in a file is taken for true until the program is started.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sha256: BTreeMap<String, String>,
}

/// What the value of an argument says.
enum Argument {
    /// A flag that is given, or left out.
    Flag(bool),
    /// Words after the name.
    Words(Vec<String>),
}

const COMMAND: &str = "command = [\"python\", \"train.py\"]";

impl Program {
    /// Checks that there is a command and that every argument can be written as words.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self.command.first() {
            None => {
                let problem = "has to name the program that trains";
                return Err(Invalid::new("command", "[]", problem, COMMAND));
            }
            Some(program) if program.trim().is_empty() => {
                let problem = "begins with an empty word in place of a program";
                return Err(Invalid::new("command", format!("{:?}", self.command), problem, COMMAND));
            }
            Some(_) => {}
        }
        if let Some(inputs) = &self.inputs {
            for pattern in inputs {
                glob::Pattern::new(pattern).map_err(|error| {
                    let problem = format!("is no pattern of paths: {}", error.msg);
                    Invalid::new("inputs", format!("{pattern:?}"), problem, "inputs = [\"*.py\"]")
                })?;
            }
        }
        for (key, value) in &self.args {
            argument(value).map_err(|problem| {
                let example = format!("{key} = 64");
                Invalid::new(format!("args.{key}"), value, problem, example)
            })?;
        }
        Ok(())
    }

    /// The words of the command line that [`args`](Self::args) make.
    pub fn arguments(&self) -> Vec<String> {
        let mut words = Vec::new();
        for (key, value) in &self.args {
            let name = if key.starts_with('-') {
                key.clone()
            } else {
                format!("--{key}")
            };
            match argument(value) {
                Ok(Argument::Flag(true)) => words.push(name),
                // The study was validated: there is no other kind.
                Ok(Argument::Flag(false)) | Err(_) => {}
                Ok(Argument::Words(values)) => {
                    words.push(name);
                    words.extend(values);
                }
            }
        }
        words
    }

    /// The patterns that name the files whose content counts: `inputs`, or else the words of the command that are files
    /// below `folder`.
    pub fn patterns(&self, folder: &Path) -> Vec<String> {
        if let Some(inputs) = &self.inputs {
            return inputs.clone();
        }
        // An interpreter by its whole path is no file of the project.
        let is_file = |word: &&String| !Path::new(word).is_absolute() && folder.join(word.as_str()).is_file();
        let words = self.command.iter().filter(is_file);
        words.map(|word| glob::Pattern::escape(word)).collect()
    }

    /// The program as a trial is known by: its command, its arguments and the content of its files.
    #[must_use]
    pub fn identity(&self) -> Self {
        Self {
            // Where no file is known by its content, the place is all that tells one program from another.
            working_dir: self.working_dir.clone().filter(|_| self.sha256.is_empty()),
            inputs: None,
            ..self.clone()
        }
    }
}

/// The words of one argument.
fn argument(value: &Value) -> Result<Argument, &'static str> {
    let word = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Float(number) if number.is_finite() => Ok(number.to_string()),
        Value::Float(_) => Err("has to be a finite number"),
        Value::Boolean(flag) => Ok(flag.to_string()),
        Value::Datetime(_) | Value::Array(_) | Value::Table(_) => {
            Err("has to be a number, a text, true or false, or a list of these")
        }
    };
    match value {
        Value::Boolean(flag) => Ok(Argument::Flag(*flag)),
        Value::Array(values) => values.iter().map(word).collect::<Result<_, _>>().map(Argument::Words),
        single => word(single).map(|word| Argument::Words(vec![word])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(toml: &str) -> Program {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn arguments_are_words_in_the_order_of_the_file() {
        let program = program(
            "command = [\"python\", \"train.py\"]\n[args]\nwidth = 32\nbatch-size = 64\nlr = 1e-3\namp = true\n\
             compile = false\nlayers = [1, 2]\n-x = \"a b\"",
        );
        program.validate().unwrap();
        let expected = "--width 32 --batch-size 64 --lr 0.001 --amp --layers 1 2 -x";
        let expected = expected.split(' ').map(str::to_owned).chain(["a b".to_owned()]);
        assert_eq!(program.arguments(), expected.collect::<Vec<_>>());
    }

    #[test]
    fn what_cannot_be_a_command_is_named() {
        for (toml, message) in [
            ("", "`command = []`: has to name the program that trains"),
            ("command = [\" \"]", "begins with an empty word"),
            ("command = [\"a\"]\ninputs = [\"[\"]", "is no pattern of paths"),
            (
                "command = [\"a\"]\nargs.x = nan",
                "`args.x = nan`: has to be a finite number",
            ),
            (
                "command = [\"a\"]\nargs.x.y = 1",
                "has to be a number, a text, true or false",
            ),
        ] {
            let error = program(toml).validate().unwrap_err().to_string();
            assert!(error.contains(message), "{toml}: {error}");
        }
    }

    #[test]
    fn where_it_runs_is_no_part_of_its_identity() {
        let one = program("command = [\"a\"]\nworking-dir = \"/x\"\ninputs = [\"*.py\"]\nsha256.\"a.py\" = \"00\"");
        let other = program("command = [\"a\"]\nworking-dir = \"/y\"\nsha256.\"a.py\" = \"00\"");
        assert_eq!(one.identity(), other.identity());
        assert_ne!(
            one.identity(),
            program("command = [\"a\"]\nsha256.\"a.py\" = \"01\"").identity()
        );
    }
}
