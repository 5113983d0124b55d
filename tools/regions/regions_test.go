package main

import (
	"strings"
	"testing"
)

func TestStem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, want string }{
		{"温州市", "温州"},
		{"和县", "和县"},
		{"清新区", "清新"},
		{"浦东新区", "浦东"},
		{"万柏林区", "万柏林"},
		{"神农架林区", "神农架"},
		{"六枝特区", "六枝"},
		{"峰峰矿区", "峰峰"},
		{"矿区", "矿区"},
		{"达拉特旗", "达拉特旗"},
		{"东乡族自治县", "东乡"},
		{"鄂温克族自治旗", "鄂温克"},
		{"管城回族区", "管城"},
		{"双江拉祜族佤族布朗族傣族自治县", "双江"},
		{"积石山保安族东乡族撒拉族自治县", "积石山"},
		{"塔什库尔干塔吉克自治县", "塔什库尔干"},
		{"新疆维吾尔自治区", "新疆"},
		{"克孜勒苏柯尔克孜自治州", "克孜勒苏"},
		{"香港特别行政区", "香港"},
		{"中沙群岛的岛礁及其海域", "中沙群岛"},
	} {
		if got := stem(c.name); got != c.want {
			t.Errorf("stem(%s) = %s, want %s", c.name, got, c.want)
		}
	}
}

func TestProperName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ syllables, want string }{
		{"wen zhou", "Wenzhou"},
		{"rui an", "Rui'an"},
		{"xi an", "Xi'an"},
		{"lv liang", "Lüliang"},
		{"dong e", "Dong'e"},
		{"an yang", "Anyang"},
	} {
		if got := properName(strings.Fields(c.syllables)); got != c.want {
			t.Errorf("%s is written %s, want %s", c.syllables, got, c.want)
		}
	}
}

func TestParseDictionary(t *testing.T) {
	t.Parallel()
	got := parseDictionary([]byte("\t0x884C: \"xíng,háng,xìng\",\n\t0x5415: \"lǚ\",\n\t0x3007: \"líng\",\nnothing\n"))
	if len(got) != 2 || strings.Join(got['行'], " ") != "xing hang" || strings.Join(got['吕'], " ") != "lv" {
		t.Errorf("%v", got)
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	list := []division{
		{code: "130100", short: "石家庄", level: "prefecture"},
		{code: "130107", name: "井陉矿区", level: "county", kind: "市辖区", parent: "130100"},
		{code: "130121", name: "井陉县", level: "county", kind: "县", parent: "130100"},
		{code: "130199", name: "石家庄县", level: "county", kind: "县", parent: "130100"},
	}
	shorten(list)
	for i, want := range []string{"石家庄", "井陉矿区", "井陉", "石家庄县"} {
		if list[i].short != want {
			t.Errorf("%s is called %s, want %s", list[i].name, list[i].short, want)
		}
	}
}
