//! Reads a script as a shell does, as far as people write such scripts: words, quotes, variables, lines that go on, files written
//! on the way.

use std::collections::HashMap;

use super::ShellProblem;
use crate::import::ImportError;
use crate::interpolation::{Missing, interpolate, is_name};

/// A word of a command.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// What it says.
    pub(super) text: String,
    /// Its line, from 1.
    pub(super) line: usize,
    /// Its column in characters, from 1.
    pub(super) column: usize,
    /// What in it only a shell on the machine could know.
    pub(super) unknown: Vec<Unknown>,
    /// Whether any of it stands in quotes, so that it is a word even when empty.
    is_quoted: bool,
}

impl Word {
    /// Whether a shell would not pass it on: it consists of a variable without a value.
    pub(super) fn is_void(&self) -> bool {
        self.text.is_empty() && !self.is_quoted
    }
}

/// What only a shell on the machine could know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// The value of a variable.
    Variable(Missing),
    /// The output of a command.
    Output,
}

/// A command with its words, and where its output goes.
#[derive(Debug, Default)]
pub(super) struct Command {
    /// Its words.
    pub(super) words: Vec<Word>,
    /// The file that its output goes to, and whether what is in it stays.
    output: Option<(String, bool)>,
    /// What it is given to read.
    input: Option<String>,
}

/// A script.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// Its commands, without those that only write a file or give a variable its value.
    pub(super) commands: Vec<Command>,
    /// What it writes to files.
    pub(super) files: HashMap<String, String>,
}

/// Reads a script.
pub(super) fn read(text: &str) -> Result<Script, ImportError> {
    let mut variables = HashMap::new();
    // The folder that one stands in and one's own: no more than a place where files are.
    variables.insert("PWD".to_owned(), ".".to_owned());
    variables.insert("HOME".to_owned(), "~".to_owned());
    let mut shell = Shell {
        characters: text.chars().collect(),
        at: 0,
        line: 1,
        column: 1,
        variables,
        current: Command::default(),
        documents: Vec::new(),
        script: Script::default(),
    };
    shell.read()?;
    Ok(shell.script)
}

/// A here-document that begins after the line.
struct Document {
    end: String,
    /// Whether tabs before its lines are left out.
    without_tabs: bool,
    /// Whether variables in it stay as they are.
    is_literal: bool,
}

struct Shell {
    characters: Vec<char>,
    at: usize,
    line: usize,
    column: usize,
    variables: HashMap<String, String>,
    current: Command,
    documents: Vec<Document>,
    script: Script,
}

impl Shell {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn peek_at(&self, offset: usize) -> Option<char> {
        self.characters.get(self.at + offset).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        if character == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(character)
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    fn read(&mut self) -> Result<(), ImportError> {
        while let Some(character) = self.peek() {
            match character {
                '\n' => {
                    self.next();
                    self.here_documents();
                    self.end_command();
                }
                ';' | '|' | '&' | '(' | ')' => {
                    self.next();
                    self.end_command();
                }
                '#' => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.next();
                    }
                }
                '<' | '>' => self.redirection()?,
                character if character.is_whitespace() => {
                    self.next();
                }
                _ => {
                    if let Some(word) = self.word()? {
                        self.current.words.push(word);
                    }
                }
            }
        }
        self.end_command();
        Ok(())
    }

    fn error(line: usize, column: usize, problem: ShellProblem) -> ImportError {
        ImportError::Shell { line, column, problem }
    }

    /// How many characters a line that goes on takes from here: a backslash (or what other shells have in its place), white space that
    /// nobody sees, and the end of the line.
    fn continuation(&self) -> Option<usize> {
        let mut length = 1;
        while matches!(self.peek_at(length), Some(' ' | '\t' | '\r')) {
            length += 1;
        }
        match self.peek_at(length) {
            Some('\n') => Some(length + 1),
            // At the end of the text nothing goes on.
            None => Some(length),
            Some(_) => None,
        }
    }

    fn word(&mut self) -> Result<Option<Word>, ImportError> {
        let mut word = Word {
            line: self.line,
            column: self.column,
            ..Word::default()
        };
        let mut begun = false;
        while let Some(character) = self.peek() {
            match character {
                '\\' | '`' | '^' if self.continuation().is_some() => {
                    let length = self.continuation().unwrap_or(1);
                    self.skip(length);
                    if !begun {
                        (word.line, word.column) = (self.line, self.column);
                    }
                    continue;
                }
                '<' | '>' => {
                    // The number of a channel belongs to the sign.
                    if !word.is_quoted && !word.text.is_empty() && word.text.bytes().all(|byte| byte.is_ascii_digit()) {
                        return Ok(None);
                    }
                    break;
                }
                ';' | '|' | '&' | '(' | ')' => break,
                character if character.is_whitespace() => break,
                '\'' => {
                    let (line, column) = (self.line, self.column);
                    self.next();
                    word.is_quoted = true;
                    loop {
                        match self.next() {
                            Some('\'') => break,
                            Some(inside) => word.text.push(inside),
                            None => return Err(Self::error(line, column, ShellProblem::UnclosedQuote)),
                        }
                    }
                }
                '"' => self.double_quoted(&mut word)?,
                '$' => self.expansion(&mut word)?,
                '`' => self.backquoted(&mut word)?,
                '\\' => {
                    self.next();
                    let goes_on = self
                        .peek()
                        .is_some_and(|next| next.is_alphanumeric() || matches!(next, '.' | '_' | '-'));
                    if goes_on && is_windows_path(&word.text) {
                        word.text.push('\\');
                    } else if let Some(escaped) = self.next() {
                        word.text.push(escaped);
                    }
                }
                other => {
                    self.next();
                    word.text.push(other);
                }
            }
            begun = true;
        }
        Ok(begun.then_some(word))
    }

    fn double_quoted(&mut self, word: &mut Word) -> Result<(), ImportError> {
        let (line, column) = (self.line, self.column);
        self.next();
        word.is_quoted = true;
        loop {
            match self.peek() {
                None => return Err(Self::error(line, column, ShellProblem::UnclosedQuote)),
                Some('"') => {
                    self.next();
                    return Ok(());
                }
                Some('\\') => {
                    self.next();
                    match self.peek() {
                        Some('\n') => {
                            self.next();
                        }
                        Some(escaped @ ('"' | '\\' | '$' | '`')) => {
                            self.next();
                            word.text.push(escaped);
                        }
                        _ => word.text.push('\\'),
                    }
                }
                Some('$') => self.expansion(word)?,
                Some('`') => self.backquoted(word)?,
                Some(other) => {
                    self.next();
                    word.text.push(other);
                }
            }
        }
    }

    /// `$NAME`, `${NAME…}`, `$(command)`; other dollar signs stay.
    fn expansion(&mut self, word: &mut Word) -> Result<(), ImportError> {
        let (line, column) = (self.line, self.column);
        let start = self.at;
        self.next();
        match self.peek() {
            Some(open @ ('(' | '{')) => {
                let close = if open == '(' { ')' } else { '}' };
                let mut depth = 0_usize;
                loop {
                    match self.next() {
                        None => return Err(Self::error(line, column, ShellProblem::UnclosedQuote)),
                        Some(character) if character == open => depth += 1,
                        Some(character) if character == close && depth == 1 => break,
                        Some(character) if character == close => depth -= 1,
                        Some(_) => {}
                    }
                }
                let taken: String = self.characters[start..self.at].iter().collect();
                if open == '(' {
                    output(&taken, &taken[2..taken.len() - 1], word);
                } else {
                    self.replace(&taken, word);
                }
            }
            Some(character) if character.is_ascii_alphabetic() || character == '_' => {
                while self.peek().is_some_and(is_name) {
                    self.next();
                }
                let taken: String = self.characters[start..self.at].iter().collect();
                self.replace(&taken, word);
            }
            _ => word.text.push('$'),
        }
        Ok(())
    }

    fn replace(&self, text: &str, word: &mut Word) {
        let value = |name: &str| self.variables.get(name).cloned();
        let unknown = &mut word.unknown;
        let text = interpolate(text, &value, &mut |missing| unknown.push(Unknown::Variable(missing)));
        word.text.push_str(&text);
    }

    fn backquoted(&mut self, word: &mut Word) -> Result<(), ImportError> {
        let (line, column) = (self.line, self.column);
        let start = self.at;
        self.next();
        loop {
            match self.next() {
                None => return Err(Self::error(line, column, ShellProblem::UnclosedQuote)),
                Some('`') => break,
                Some(_) => {}
            }
        }
        let taken: String = self.characters[start..self.at].iter().collect();
        output(&taken, &taken[1..taken.len() - 1], word);
        Ok(())
    }

    /// `> file`, `>> file`, `2>&1`, `<< END` and the like.
    fn redirection(&mut self) -> Result<(), ImportError> {
        let start = self.at;
        while matches!(self.peek(), Some('<' | '>' | '&')) {
            self.next();
        }
        let sign: String = self.characters[start..self.at].iter().collect();
        let mut without_tabs = false;
        if sign == "<<" && self.peek() == Some('-') {
            self.next();
            without_tabs = true;
        }
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.next();
        }
        let Some(target) = self.word()? else { return Ok(()) };
        match sign.as_str() {
            ">" | ">|" => self.current.output = Some((target.text, false)),
            ">>" => self.current.output = Some((target.text, true)),
            "<<" => self.documents.push(Document {
                end: target.text,
                without_tabs,
                is_literal: target.is_quoted,
            }),
            _ => {}
        }
        Ok(())
    }

    /// The here-documents that begin after the line that ended.
    fn here_documents(&mut self) {
        for document in std::mem::take(&mut self.documents) {
            let mut text = String::new();
            while self.peek().is_some() {
                let start = self.at;
                while self.peek().is_some_and(|c| c != '\n') {
                    self.next();
                }
                let line: String = self.characters[start..self.at].iter().collect();
                self.next();
                let line = line.strip_suffix('\r').unwrap_or(&line);
                let line = if document.without_tabs {
                    line.trim_start_matches('\t')
                } else {
                    line
                };
                if line == document.end {
                    break;
                }
                text.push_str(line);
                text.push('\n');
            }
            if !document.is_literal {
                let value = |name: &str| self.variables.get(name).cloned();
                text = interpolate(&text.replace("\\$", "$$"), &value, &mut |_| {});
            }
            self.current.input = Some(text);
        }
    }

    fn end_command(&mut self) {
        let command = std::mem::take(&mut self.current);
        if !self.documents.is_empty() {
            // Its text begins after the line.
            self.current = command;
            return;
        }
        if command.words.is_empty() || self.assigns(&command) || self.writes_file(&command) {
            return;
        }
        self.script.commands.push(command);
    }

    /// `NAME=value`, also with `export`: later commands know the value.
    fn assigns(&mut self, command: &Command) -> bool {
        let words = &command.words;
        let words = if words[0].text == "export" {
            &words[1..]
        } else {
            &words[..]
        };
        let assigned: Option<Vec<(&str, &str)>> = words.iter().map(|word| assignment(&word.text)).collect();
        let Some(assigned) = assigned.filter(|assigned| !assigned.is_empty()) else {
            return false;
        };
        for (name, value) in assigned {
            self.variables.insert(name.to_owned(), value.to_owned());
        }
        true
    }

    /// `cat > file <<END`, `tee file <<END`, `printf %s text > file`, `echo text > file`.
    fn writes_file(&mut self, command: &Command) -> bool {
        let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
        let words = words.strip_prefix(&["sudo"]).unwrap_or(&words);
        let (text, output) = match (words, &command.input, &command.output) {
            (["cat"], Some(input), Some(output)) => (input.clone(), output.clone()),
            (["tee", file], Some(input), _) => (input.clone(), ((*file).to_owned(), false)),
            (["printf", "%s", text], None, Some(output)) => ((*text).to_owned(), output.clone()),
            (["printf", "%s\\n", text], None, Some(output)) => (format!("{text}\n"), output.clone()),
            (["echo", "-n", text @ ..], None, Some(output)) => (text.join(" "), output.clone()),
            (["echo", text @ ..], None, Some(output)) => (format!("{}\n", text.join(" ")), output.clone()),
            _ => return false,
        };
        let (file, stays) = output;
        let contents = self.script.files.entry(file).or_default();
        if !stays {
            contents.clear();
        }
        contents.push_str(&text);
        true
    }
}

/// `NAME=value`.
pub(super) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_right = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(is_name);
    is_right.then_some((name, value))
}

/// The output of a command, which nobody knows here but for the folder that one stands in.
fn output(taken: &str, command: &str, word: &mut Word) {
    if command.trim() == "pwd" {
        word.text.push('.');
    } else {
        word.text.push_str(taken);
        word.unknown.push(Unknown::Output);
    }
}

/// Characters of a path at the most, for Linux and, in practice, Windows.
const LONGEST_PATH: usize = 4096;

/// Whether a word so far is a path with a drive, whose backslashes are meant.
fn is_windows_path(word: &str) -> bool {
    // Asked at every backslash: what is longer than any path is not looked through again and again.
    let near = word.len().saturating_sub(LONGEST_PATH);
    let tail = &word.as_bytes()[near..];
    let bytes = match tail.iter().rposition(|byte| matches!(byte, b'=' | b',')) {
        Some(at) => &tail[at + 1..],
        None if near == 0 => tail,
        None => return false,
    };
    bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}
