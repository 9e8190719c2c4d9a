//! A command made of steps: all of them run, each says how it went, and one line at the end counts them.

use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::time::Instant;

/// One step of a command.
#[derive(Clone, Copy)]
pub struct Step {
    /// What it is called on the terminal and by `--only`.
    pub name: &'static str,
    /// What it does.
    pub run: fn(&Workspace) -> Result<()>,
    /// Whether it is pointless once the step named `package` has failed.
    pub needs_build: bool,
}

/// Runs `steps`, or those whose names contain the word after `--only`, and fails if one of them did. A step that could
/// not run counts as failed.
pub fn run_steps(workspace: &Workspace, title: &str, steps: &[Step], arguments: &[String]) -> Result<()> {
    let chosen: Vec<&Step> = match arguments {
        [] => steps.iter().collect(),
        [only, word] if only == "--only" => {
            steps.iter().filter(|step| step.name.contains(word.as_str())).collect()
        }
        _ => bail!("{title} takes nothing but `--only WORD`"),
    };
    if chosen.is_empty() {
        let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
        bail!("no step has that word; there are: {}", names.join(", "));
    }
    let begin = Instant::now();
    let mut built = true;
    let mut lines = Vec::new();
    let mut failed = 0;
    for step in &chosen {
        println!("\n=== {} ===", step.name);
        let start = Instant::now();
        let result = if step.needs_build && !built {
            Err(anyhow::anyhow!("not run, since there is no package to test"))
        } else {
            (step.run)(workspace)
        };
        let outcome = match result {
            Ok(()) => "ok".to_owned(),
            Err(error) => {
                eprintln!("error in {}: {error:#}", step.name);
                failed += 1;
                built &= step.name != "package";
                format!("FAILED: {error:#}")
            }
        };
        lines.push(format!("{:<24} {:>6.1} s  {outcome}", step.name, start.elapsed().as_secs_f64()));
    }
    println!("\n=== {title}: {:.0} s ===", begin.elapsed().as_secs_f64());
    lines.iter().for_each(|line| println!("{line}"));
    println!("steps: {} passed, {failed} failed", chosen.len() - failed);
    if failed > 0 {
        bail!("{failed} of {} steps failed", chosen.len());
    }
    Ok(())
}
