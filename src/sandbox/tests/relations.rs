//! The relations a sandbox has: drawn, or given.

use super::*;
use std::collections::BTreeMap;

#[test]
fn answers_the_relations_it_is_given_and_draws_none_then() {
    let companies = sample_companies(20, 0);
    let names: Vec<_> = companies.iter().map(String::as_str).collect();
    let given = json!([
        { "companyName": names[3], "relatedCompanyName": names[1], "amount": "1", "publicDate": "2020", "source": "x\"\\\n" },
        { "companyName": names[1], "relatedCompanyName": names[3], "amount": null, "extra": { "新": [1] } },
        { "companyName": names[1], "relatedCompanyName": names[3], "extra": {} },
    ]);
    let expected = json!([
        { "companyName": names[3], "relatedCompanyName": names[1], "amount": "1", "publicDate": "2020", "source": "x\"\\\n" },
        { "companyName": names[1], "relatedCompanyName": names[3], "amount": null, "publicDate": null, "source": null, "新": [1] },
        { "companyName": names[1], "relatedCompanyName": names[3], "amount": null, "publicDate": null, "source": null },
    ]);
    assert_eq!(Value::from(rows(&ask(&mut sandbox(json!({ "relations": given })), &names))), expected);
    let mut both = sandbox(json!({ "relations": given, "density": 1 }));
    assert_eq!(Value::from(rows(&ask(&mut both, &[names[1], names[3]]))), expected);
    assert!(rows(&ask(&mut both, &names)).len() > 189);
    let example = ["企查查科技股份有限公司", "大连银行股份有限公司"];
    let mut other = sandbox(
        json!({ "relations": [{ "companyName": example[1], "relatedCompanyName": example[0], "amount": "2" }] }),
    );
    assert_eq!(rows(&ask(&mut other, &example)).len(), 1);
    assert_eq!(rows(&ask(&mut other, &example))[0]["amount"], "2");
}

/// Every row between the two, as the server writes it.
fn between(sandbox: &Sandbox, names: &[&str]) -> Vec<Value> {
    serde_json::from_str(&sandbox.relations_among(names.iter().copied())).unwrap()
}

#[test]
fn draws_about_as_many_relations_as_it_is_told() {
    let companies = sample_companies(1500, 1);
    let names: Vec<_> = companies.iter().map(String::as_str).collect();
    let pairs = names.len() * (names.len() - 1) / 2;
    for density in [0.002, 0.02] {
        let found = between(&sandbox(json!({ "density": density, "seed": 9 })), &names);
        let mut partners: BTreeMap<[String; 2], usize> = BTreeMap::new();
        for row in &found {
            let mut pair = ["companyName", "relatedCompanyName"].map(|f| row[f].as_str().unwrap().to_owned());
            pair.sort();
            *partners.entry(pair).or_default() += 1;
        }
        let share = partners.len() as f64 / pairs as f64 / density;
        assert!((0.75..1.25).contains(&share), "{share} of {density}");
        // Scale-free: the best connected hundredth of the companies takes part in far more than a hundredth.
        let mut degrees: BTreeMap<&str, usize> = BTreeMap::new();
        for pair in partners.keys() {
            pair.iter().for_each(|name| *degrees.entry(name).or_default() += 1);
        }
        let mut degrees: Vec<_> = degrees.into_values().collect();
        degrees.sort_unstable_by(|a, b| b.cmp(a));
        let top: usize = degrees[..15].iter().sum();
        let all: usize = degrees.iter().sum();
        assert!(top * 100 > all * 5, "{top} of {all}");
        let several = partners.values().filter(|rows| **rows > 1).count() as f64 / partners.len() as f64;
        assert!((0.15..0.30).contains(&several), "{several}");
    }
}

#[test]
fn draws_rows_as_the_vendor_writes_them() {
    let companies = sample_companies(300, 2);
    let names: Vec<_> = companies.iter().map(String::as_str).collect();
    let found = between(&sandbox(json!({ "density": 0.2 })), &names);
    let mut forms = BTreeMap::new();
    let mut doubles = 0;
    for (index, row) in found.iter().enumerate() {
        assert_eq!(
            row.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["companyName", "relatedCompanyName", "amount", "publicDate", "source"]
        );
        let date = row["publicDate"].as_str().unwrap();
        assert!(("2015".."2026-07").contains(&date), "{date}");
        let parts: Vec<u32> = date.split('-').map(|part| part.parse().unwrap()).collect();
        assert!(parts[1..].iter().zip([12, 31]).all(|(part, most)| (1..=most).contains(part)), "{date}");
        *forms.entry(("date", date.len().to_string())).or_insert(0) += 1;
        *forms.entry(("source", row["source"].as_str().unwrap().to_owned())).or_insert(0) += 1;
        match row["amount"].as_str() {
            None => *forms.entry(("amount", "null".to_owned())).or_insert(0) += 1,
            Some(amount) => {
                let value: f64 = amount.parse().unwrap();
                assert!((1.0..=10_000_000.0).contains(&value), "{amount}");
                let decimals = amount.split_once('.').map_or("", |(_, decimals)| decimals);
                assert!(decimals.len() <= 4 && !decimals.ends_with('0'), "{amount}");
                *forms.entry(("decimals", decimals.len().to_string())).or_insert(0) += 1;
            }
        }
        doubles += usize::from(index > 0 && found[index - 1] == *row);
    }
    let lengths: Vec<_> = forms.keys().filter(|(what, _)| *what == "date").map(|(_, l)| l.as_str()).collect();
    assert_eq!(lengths, ["10", "4", "7"]);
    for (what, kinds) in [("source", 4), ("decimals", 5), ("amount", 1)] {
        assert_eq!(forms.keys().filter(|(of, _)| *of == what).count(), kinds, "{forms:?}");
    }
    assert!(doubles > 20, "{doubles} equal rows");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever calls cover the pairs, and in whatever order they name the companies, they find the same rows.
    #[test]
    fn finds_the_same_graph_by_any_plan(seed in any::<u32>(), shuffle in any::<u64>(), size in 2_usize..20) {
        let companies = sample_companies(24, 11);
        let mut names: Vec<_> = companies.iter().map(String::as_str).collect();
        let mut sandbox = sandbox(json!({ "seed": seed, "density": 0.3 }));
        let mut truth: Vec<_> = between(&sandbox, &names).iter().map(Value::to_string).collect();
        truth.sort();
        let mut random = market::Draw(shuffle);
        for last in (1..names.len()).rev() {
            names.swap(last, random.below(last as u32 + 1) as usize);
        }
        // Halves of a call paired with each other: covers every pair, many of them often.
        let mut by_pair: BTreeMap<[String; 2], Vec<String>> = BTreeMap::new();
        let groups: Vec<_> = names.chunks(size.div_ceil(2)).collect();
        for (index, first) in groups.iter().enumerate() {
            for second in &groups[index..] {
                let call: Vec<_> = first.iter().chain(*second).copied().collect();
                let answer = ask(&mut sandbox, &call);
                let mut here: BTreeMap<[String; 2], Vec<String>> = BTreeMap::new();
                for row in rows(&answer) {
                    let mut pair = ["companyName", "relatedCompanyName"].map(|f| row[f].as_str().unwrap().to_owned());
                    pair.sort();
                    here.entry(pair).or_default().push(row.to_string());
                }
                for (pair, rows) in here {
                    let known = by_pair.entry(pair).or_insert_with(|| rows.clone());
                    prop_assert_eq!(&*known, &rows);
                }
            }
        }
        let mut found: Vec<_> = by_pair.into_values().flatten().collect();
        found.sort();
        prop_assert_eq!(found, truth);
    }
}
