package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// division is one row of catalog/regions/regions.csv.
type division struct {
	code, name, short, slug, en, level, kind, parent, lon, lat string
	syllables                                                  []string
}

// divisionTable joins prefectures.csv (which wins) with the county rows of gb2260 and spells every name.
func divisionTable(s *sources) ([]byte, error) {
	list := []division{
		{code: "000000", name: "中华人民共和国", short: "全国", slug: "china", level: "nation", kind: "国家"},
		// prefectures.csv leaves Taiwan out; its point is the middle of the island.
		{code: "710000", name: "台湾省", short: "台湾", slug: "taiwan", level: "province", kind: "省", parent: "000000", lon: "120.9700", lat: "23.7500"},
	}
	known := map[string]bool{}
	for _, r := range s.ours {
		d := division{
			code: r["code"], name: r["name"], short: r["short_name"], slug: r["slug"], level: r["level"],
			kind: r["kind"], parent: "000000", lon: r["lon"], lat: r["lat"],
		}
		if d.level == "prefecture" {
			d.parent = r["province_code"]
		}
		known[d.code] = true
		list = append(list, d)
	}
	list = append(list, counties(s, known)...)
	slices.SortFunc(list, func(a, b division) int { return strings.Compare(a.code, b.code) })
	shorten(list)
	for i := range list {
		if err := s.spell(&list[i]); err != nil {
			return nil, err
		}
	}
	return encode(list), nil
}

// counties takes the county-level rows of gb2260. Left out are the rows that are no division: 市辖区 (an
// aggregate of a city's districts), the 90-rows that only head a list, and 儋州 as a county, since the
// ministry's table of August 2015 has it as prefecture-level 460400.
func counties(s *sources, known map[string]bool) []division {
	var list []division
	for code, name := range s.names {
		if strings.HasSuffix(code, "00") || name == "市辖区" || code == "469003" {
			continue
		}
		d := division{code: code, name: name, level: "county", kind: countyKind(name), lon: s.seats[code][0], lat: s.seats[code][1]}
		d.parent = code[:4] + "00"
		if !known[d.parent] {
			d.parent = code[:2] + "0000" // a municipality's district, or a county directly under its province
		}
		list = append(list, d)
	}
	return list
}

func countyKind(name string) string {
	for _, k := range [][2]string{
		{"自治县", "自治县"},
		{"自治旗", "自治旗"},
		{"神农架林区", "林区"},
		{"特区", "特区"},
		{"旗", "旗"},
		{"县", "县"},
		{"市", "县级市"},
		{"区", "市辖区"},
		{"岛", "群岛"},
		{"海域", "群岛"},
	} {
		if strings.HasSuffix(name, k[0]) {
			return k[1]
		}
	}
	return ""
}

// nationalities end the names of autonomous divisions and are no part of what people call the place.
const nationalities = "蒙古族 回族 藏族 维吾尔 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 哈萨克 傣族 黎族 " +
	"傈僳族 佤族 畲族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 柯尔克孜 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 锡伯 " +
	"塔吉克 怒族 鄂温克族 保安族 裕固族 独龙族 普米族 蒙古 各族"

// stem drops the kind and, from autonomous divisions, the nationalities: 双江拉祜族佤族布朗族傣族自治县 → 双江.
func stem(name string) string {
	for _, suffix := range []string{
		"特别行政区", "自治区", "自治州", "自治县", "自治旗", "架林区", "地区", "特区", "新区", "矿区", "省", "市", "区", "县", "盟",
	} {
		rest, ok := strings.CutSuffix(name, suffix)
		switch {
		case suffix == "架林区" && ok:
			return rest + "架"
		case !ok || len([]rune(rest)) < 2:
		case strings.HasPrefix(suffix, "自治") || strings.HasSuffix(rest, "族"): // 管城回族区 → 管城
			return withoutNationalities(rest)
		default:
			return rest
		}
	}
	// A banner is called by its full name, 达拉特旗, and so is the group of islands.
	name, _, _ = strings.Cut(name, "的")
	return name
}

func withoutNationalities(name string) string {
	for again := true; again; {
		again = false
		for n := range strings.FieldsSeq(nationalities) {
			if rest, ok := strings.CutSuffix(name, n); ok && len([]rune(rest)) >= 2 {
				name, again = rest, true
				break
			}
		}
	}
	// 东乡族自治县, 鄂温克族自治旗: the nationality is the name.
	return strings.TrimSuffix(name, "族")
}

// shorten gives counties their short names. A county that would be called like its parent (长沙县 in 长沙)
// keeps its full name; of siblings of one name the city has it, then the county, then the district (井陉矿区 beside 井陉县).
func shorten(list []division) {
	rank := map[string]int{"县级市": 2, "县": 1, "自治县": 1}
	best := map[[2]string]int{}
	short := map[string]string{}
	for _, d := range list {
		short[d.code] = d.short
		if key := [2]string{d.parent, stem(d.name)}; d.level == "county" {
			best[key] = max(best[key], rank[d.kind])
		}
	}
	for i := range list {
		d := &list[i]
		if d.level != "county" {
			continue
		}
		d.short = stem(d.name)
		if d.short == short[d.parent] || rank[d.kind] < best[[2]string{d.parent, d.short}] {
			d.short = d.name
		}
	}
}

func encode(list []division) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"code", "name", "short", "slug", "en", "level", "kind", "parent", "lon", "lat", "pinyin"})
	for _, d := range list {
		w.Write([]string{d.code, d.name, d.short, d.slug, d.en, d.level, d.kind, d.parent, d.lon, d.lat, strings.Join(d.syllables, " ")})
	}
	w.Flush()
	return b.Bytes()
}

// otherSlug lists the slugs that are not what one types: shaanxi is typed shanxi, taiwan is the name in other
// languages, and 勒 is read le in aleitai and xilinguolei.
const otherSlug = "610000 710000 152500 654300"

// spell fills in pinyin and the English name, and holds the pinyin against the slug where there is one.
func (s *sources) spell(d *division) error {
	text := d.short
	if d.level == "province" || d.level == "prefecture" {
		text = stem(d.name)
	}
	syllables, err := s.spellPlace(text)
	if err != nil {
		return fmt.Errorf("%s %s: %w", d.code, d.name, err)
	}
	d.syllables = syllables
	letters, _, _ := strings.Cut(d.slug, "-")
	if joined := strings.Join(syllables, ""); strings.Contains("province prefecture", d.level) && joined != letters && !strings.Contains(otherSlug, d.code) {
		return fmt.Errorf("%s %s is spelled %s but its slug is %s: correct places.csv", d.code, d.name, joined, d.slug)
	}
	d.en, err = s.englishName(d)
	return err
}

// spellPlace spells by whole name, then by the longest known part, then by character.
func (s *sources) spellPlace(name string) ([]string, error) {
	runes := []rune(name)
	var out []string
	for i := 0; i < len(runes); {
		n := len(runes) - i
		for n > 1 && s.places[string(runes[i:i+n])] == nil {
			n--
		}
		switch r := runes[i]; {
		case n > 1:
			out = append(out, s.places[string(runes[i:i+n])]...)
		case s.placeChars[r] != "":
			out = append(out, s.placeChars[r])
		case len(s.readings[r]) > 0:
			out = append(out, s.readings[r][0])
		default:
			return nil, fmt.Errorf("no reading of %c", r)
		}
		i += n
	}
	return out, nil
}
