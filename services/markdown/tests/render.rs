//! The task `render`, as the component is called.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::{Value, json};

fn run(task: &str, input: Value) -> Result<Value, String> {
    let output = markdown::run(&json!({"ctx": {}, "task": task, "input": input}).to_string())?;
    Ok(serde_json::from_str(&output).unwrap())
}

fn html(markdown: &str) -> String {
    run("render", json!({"markdown": markdown})).unwrap()["html"].as_str().unwrap().to_owned()
}

/// Ammonia with nothing added but what the renderer writes by itself.
fn is_clean(html: &str) -> bool {
    let mut ammonia = ammonia::Builder::default();
    ammonia
        .link_rel(None)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .add_tags(["input"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .add_tag_attributes("code", ["class"])
        .add_tag_attributes("sup", ["class"])
        .add_tag_attributes("div", ["class", "id"])
        .add_tag_attributes("th", ["style"])
        .add_tag_attributes("td", ["style"]);
    for level in ["h1", "h2", "h3", "h4", "h5", "h6"] {
        ammonia.add_tag_attributes(level, ["id"]);
    }
    // The renderer and ammonia spell the same document differently: compare what ammonia reads in both.
    let everything = |html: &str| ammonia.clean(html).to_string();
    let once = everything(html);
    once == everything(&once) && count_tags(&once) == count_tags(html)
}

/// Opening tags per element, and attributes that could run something.
fn count_tags(html: &str) -> (usize, usize) {
    (html.matches('<').count(), html.matches("href=").count().wrapping_add(html.matches("src=").count()))
}

#[test]
fn renders_commonmark_and_extensions() {
    let output =
        run("render", json!({"markdown": "# A & *b*\n\n~~x~~ `y z`\n\n- [x] done\n\n|a|\n|:-|\n|1|\n"})).unwrap();
    assert_eq!(
        output["html"],
        "<h1 id=\"md-a-b\">A &amp; <em>b</em></h1>\n<p><del>x</del> <code>y z</code></p>\n<ul>\n<li><input disabled=\"\" type=\"checkbox\" checked=\"\"/>\ndone</li>\n</ul>\n<table><thead><tr><th style=\"text-align: left\">a</th></tr></thead><tbody>\n<tr><td style=\"text-align: left\">1</td></tr>\n</tbody></table>\n"
    );
    assert_eq!(output["headings"], json!([{"level": 1, "id": "md-a-b", "text": "A & b"}]));
    assert_eq!(output["words"], 9);
}

#[test]
fn extensions_can_be_left_out() {
    let output = run("render", json!({"markdown": "~~x~~", "extensions": []})).unwrap();
    assert_eq!(output["html"], "<p>~~x~~</p>\n");
}

#[test]
fn raw_html_is_text() {
    assert_eq!(html("<script>alert(1)</script>"), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
    assert_eq!(html("a <b onclick=x>c</b>"), "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n");
}

#[test]
fn links_that_run_something_keep_only_their_text() {
    assert_eq!(html("[x](javascript:alert(1))"), "<p>x</p>\n");
    assert_eq!(html("[x](JAVASCRIPT&colon;alert(1))"), "<p>x</p>\n");
    assert_eq!(html("<javascript:alert(1)>"), "<p>javascript:alert(1)</p>\n");
    assert_eq!(html("![x](data:image/svg+xml,y)"), "<p>x</p>\n");
    assert_eq!(html("[![x](javascript:a)](https://b)"), "<p><a href=\"https://b\">x</a></p>\n");
    assert_eq!(html("<a@b.example>"), "<p><a href=\"mailto:a@b.example\">a@b.example</a></p>\n");
}

#[test]
fn ids_are_ours() {
    let html = html("# location\n\nx[^cookie]\n\n[^cookie]: y\n");
    assert!(
        html.contains("id=\"md-location\"")
            && html.contains("id=\"md-fn-cookie\"")
            && html.contains("href=\"#md-fn-cookie\""),
        "{html}"
    );
}

#[test]
fn wrong_calls_are_task_errors() {
    assert!(run("other", json!({})).unwrap_err().contains("\"render\""));
    assert!(run("render", json!({})).unwrap_err().contains("missing field `markdown`"));
    assert!(run("render", json!({"markdown": "x", "y": 1})).unwrap_err().contains("unknown field `y`"));
    assert!(
        run("render", json!({"markdown": "x", "extensions": ["math"]})).unwrap_err().contains("unknown variant `math`")
    );
    assert!(markdown::run("{").unwrap_err().starts_with("envelope"));
}

proptest! {
    #[test]
    fn a_sanitiser_finds_nothing_to_remove(parts in prop::collection::vec(
        prop_oneof![
            "[ -~\n]{0,12}",
            Just("<script>x</script>".to_owned()), Just("<img src=x onerror=y>".to_owned()), Just("](javascript:x)".to_owned()),
            Just("[x](".to_owned()), Just("![".to_owned()), Just("\n\n".to_owned()), Just("[^a]: ".to_owned()), Just("|a|\n|-|\n".to_owned()),
            Just("```\"x y\n".to_owned()), Just("<https://x>".to_owned()), Just("\n# \"><b>".to_owned()), Just("[x]: data:y \"<i>\"\n".to_owned()),
            Just("- [ ] ".to_owned()), Just("\n<div>".to_owned()), Just("&colon;".to_owned()), Just("&lt;".to_owned()),
        ], 0..12)) {
        let html = html(&parts.concat());
        prop_assert!(is_clean(&html), "{}", html);
    }
}
