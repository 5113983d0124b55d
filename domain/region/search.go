package region

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"zhijian/domain/region/pinyin"
)

// key is one text under which a division is found.
type key struct {
	text string
	at   int32
	kind uint8 // one of the constants below
}

const (
	byName     uint8 = iota // full or short name, pinyin, slug, English
	byInitials              // wz
)

// longest query, in characters, that is looked at; the longest name has 18.
const longest = 40

// index writes down every text a division is searched by.
func (t *Tree) index(syllables [][]string) {
	for i, r := range t.all {
		at := int32(i)
		t.han = append(t.han, key{r.Name, at, byName})
		if r.Short != r.Name {
			t.han = append(t.han, key{r.Short, at, byName})
		}
		slug, _, _ := strings.Cut(r.Slug, "-")
		names := []string{r.Pinyin, strings.ReplaceAll(r.Pinyin, "v", "u"), slug, letters(r.Slug)}
		if r.Level != County {
			names = append(names, letters(r.En))
		}
		slices.Sort(names)
		for _, n := range slices.Compact(names) {
			if n != "" {
				t.latin = append(t.latin, key{n, at, byName})
			}
		}
		if len(syllables[i]) > 1 {
			t.latin = append(t.latin, key{r.Initials, at, byInitials})
		}
	}
	order := func(a, b key) int {
		return cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind))
	}
	slices.SortFunc(t.han, order)
	slices.SortFunc(t.latin, order)
}

// Search finds divisions by full or short name (温州, 温州市, 浙江温州), part of a name, pinyin or its beginning
// (wenzhou, wenz), initials (wz), slug or English name, and when nothing of that fits, by names that sound or
// are spelled nearly so (温洲, wenzou). Exact matches come first, then beginnings; among equals cities, then
// provinces, then counties. At most limit divisions; none for an empty query or a limit below 1.
func (t *Tree) Search(q string, limit int) []Region {
	q = fold(q)
	if q == "" || limit < 1 {
		return nil
	}
	var found []match
	if strings.IndexFunc(q, pinyin.Han) >= 0 {
		found = t.searchHan(q)
	} else {
		found = t.searchLatin(q)
	}
	slices.SortFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(t.all[a.at].Code, t.all[b.at].Code))
	})
	out := make([]Region, 0, min(limit, len(found)))
	seen := make(map[int32]bool, limit)
	for _, m := range found {
		if len(out) == limit {
			break
		}
		if !seen[m.at] {
			seen[m.at] = true
			out = append(out, t.all[m.at])
		}
	}
	return out
}

type match struct {
	at    int32
	score int
}

// How well a query fits a key; what a division is worth among equals is added (standing).
const (
	exact        = 1000
	initialsWhol = 900
	beginning    = 800
	initialsPart = 600
	inside       = 500
	nearly       = 300
)

func (t *Tree) standing(at int32) int {
	r := &t.all[at]
	s := int(t.weight[at])
	switch {
	case r.IsCity():
		return s + 60
	case r.Level == County:
		return s
	default:
		return s + 40
	}
}

func (t *Tree) searchLatin(q string) []match {
	q = letters(q)
	if q == "" {
		return nil
	}
	found := t.beginningWith(nil, t.latin, q)
	if len(found) > 0 {
		return found
	}
	// wenzhoushi: the kind was typed too.
	for _, kind := range []string{"shi", "xian", "qu", "sheng", "zhou", "meng", "diqu", "zizhizhou", "zizhiqu"} {
		if rest, ok := strings.CutSuffix(q, kind); ok && len(rest) > 2 {
			for _, m := range t.beginningWith(nil, t.latin, rest) {
				if m.score >= exact {
					found = append(found, m)
				}
			}
		}
	}
	if len(found) > 0 {
		return found
	}
	return t.nearlySpelled(q)
}

// beginningWith appends every key that starts with q, found by halving the sorted list.
func (t *Tree) beginningWith(found []match, keys []key, q string) []match {
	start, _ := slices.BinarySearchFunc(keys, q, func(k key, q string) int { return strings.Compare(k.text, q) })
	for _, k := range keys[start:] {
		if !strings.HasPrefix(k.text, q) {
			break
		}
		score := beginning - min(len(k.text)-len(q), 90)
		switch {
		case k.kind == byInitials && len(k.text) == len(q):
			score = initialsWhol
		case k.kind == byInitials:
			score = initialsPart - (len(k.text) - len(q))
		case len(k.text) == len(q):
			score = exact
		}
		found = append(found, match{k.at, score + t.standing(k.at)})
	}
	return found
}

// nearlySpelled finds names one slip away, two in words of eight letters or more.
func (t *Tree) nearlySpelled(q string) []match {
	allowed := 0
	switch {
	case len(q) >= 8:
		allowed = 2
	case len(q) >= 4:
		allowed = 1
	}
	if allowed == 0 {
		return nil
	}
	var found []match
	for _, k := range t.latin {
		if k.kind != byName || k.text == "" {
			continue
		}
		if d := slips(q, k.text, allowed); d <= allowed {
			score := nearly - 50*d + t.standing(k.at)
			if k.text[0] == q[0] { // first letters are seldom wrong
				score += 20
			}
			found = append(found, match{k.at, score})
		}
	}
	return found
}

func (t *Tree) searchHan(q string) []match {
	if found := t.named(nil, q, 2); len(found) > 0 {
		return found
	}
	return t.soundingLike(q)
}

// named appends the divisions whose name is q, begins with it or has it inside, and reads 浙江省温州市 as
// 温州市 in 浙江省; above bounds how many divisions may be named before the last.
func (t *Tree) named(found []match, q string, above int) []match {
	found = t.beginningWith(found, t.han, q)
	for _, k := range t.han { // 6,000 short strings: 60 µs
		if i := strings.Index(k.text, q); i > 0 {
			found = append(found, match{k.at, inside + t.standing(k.at)})
		}
	}
	if above == 0 || len(q) <= len("温州") {
		return found
	}
	for _, k := range t.han {
		rest, ok := strings.CutPrefix(q, k.text)
		if !ok || rest == "" || len(t.children[k.at]) == 0 {
			continue
		}
		for _, m := range t.named(nil, rest, above-1) {
			if m.at != k.at && t.Within(t.all[m.at].Code, t.all[k.at].Code) {
				found = append(found, m)
			}
		}
	}
	return found
}

// lookalikes are pairs that people mistake on sight although they sound apart.
const lookalikes = "亳毫 郴彬 泸沪 濮仆 漯螺 儋瞻 衢瞿 莆蒲 邳坯 睢雎 泗四 嵊乘 鄞勤 莘辛 耒来 荥荣 汨泪 冼洗 朐句 郓晖 颍颖 婺鹜"

// soundingLike finds names read the same (温洲) or with one mistaken character (毫州).
func (t *Tree) soundingLike(q string) []match {
	runes := []rune(q)
	var spelled strings.Builder
	for i, s := range t.speller.Spell(nil, runes) {
		if s == 0 {
			spelled.WriteRune(runes[i])
		}
		spelled.WriteString(s.String())
	}
	var found []match
	for _, m := range t.beginningWith(nil, t.latin, spelled.String()) {
		if m.score >= exact {
			found = append(found, match{m.at, m.score - exact + nearly + 40})
		}
	}
	for _, k := range t.han {
		if len(k.text) != len(q) {
			continue // every character of a name has three bytes
		}
		if d := mistaken(runes, k.text); d >= 0 {
			found = append(found, match{k.at, nearly + 20*d + t.standing(k.at)})
		}
	}
	if len(found) > 0 {
		return found
	}
	return t.searchLatin(spelled.String())
}

// mistaken compares a query with a name of the same length that differs in one character, or in two of four and
// more: 2 when what differs sounds or looks like the right character, 0 for any one character of three or more, else -1.
func mistaken(q []rune, name string) int {
	i, different := 0, 0
	for _, r := range name {
		if i == len(q) {
			return -1
		}
		if q[i] != r {
			if different++; different > 2 || different == 2 && len(q) < 4 {
				return -1
			}
		}
		i++
	}
	if i != len(q) || different == 0 {
		return -1
	}
	if alike(q, name) {
		return 2
	}
	if different == 1 && len(q) > 2 {
		return 0
	}
	return -1
}

// alike reports whether every differing character sounds or looks like the right one.
func alike(q []rune, name string) bool {
	i := 0
	for _, r := range name {
		if q[i] != r && !pinyin.Same(q[i], r) && !strings.Contains(lookalikes, string([]rune{r, q[i]})) {
			return false
		}
		i++
	}
	return true
}

// fold trims a query, drops what is no letter, and writes full-width and capital letters small.
func fold(q string) string {
	var b strings.Builder
	n := 0
	for _, r := range q {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		if !unicode.IsLetter(r) {
			continue
		}
		if n++; n > longest {
			break
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// letters keeps plain small letters and drops the marks of others: Ürümqi → urumqi, Xi'an → xian.
func letters(s string) string {
	const marked = "āáǎàēéěèêōóǒòīíǐìūúǔùüǖǘǚǜâ"
	const plain = "aaaaeeeeeooooiiiiuuuuuuuuua"
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' {
			b.WriteRune(r)
			continue
		}
		at := 0
		for _, m := range marked {
			if m == r {
				b.WriteByte(plain[at])
				break
			}
			at++
		}
	}
	return b.String()
}

// slips counts insertions, omissions, wrong letters and swapped neighbours that lead from a to b; above most it only says so.
func slips(a, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most || len(b) > longest || len(a) > longest {
		return most + 1
	}
	var rows [3][longest + 1]int
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
			least = min(least, now[j])
		}
		if least > most {
			return most + 1
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
