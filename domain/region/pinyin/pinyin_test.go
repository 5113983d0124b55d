package pinyin_test

import (
	"strings"
	"testing"

	"zhijian/domain/region/pinyin"
)

func TestSpell(t *testing.T) {
	t.Parallel()
	s := pinyin.NewSpeller()
	for _, c := range []struct{ text, want string }{
		{"交罚款", "jiao fa kuan"},
		{"交通为法", "jiao tong wei fa"},
		{"银行还款", "yin hang huan kuan"},
		{"重庆重名", "chong qing chong ming"},
		{"中签率", "zhong qian lv"},
		{"長途汽車", "zhang tu qi che"}, // traditional characters have readings, but words are simplified
		{"旅游", "lv you"},
		{"ETC充值", "   chong zhi"},
		{"", ""},
		{"〇龥", " yu"}, // edges of the block
	} {
		var got []string
		for _, syl := range s.Spell(nil, []rune(c.text)) {
			got = append(got, syl.String())
		}
		want := strings.Split(c.want, " ")
		if c.text == "" {
			want = nil
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s is spelled %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b rune
		want bool
	}{
		{'为', '违', true},
		{'废', '费', true},
		{'行', '航', true}, // by the second reading
		{'航', '行', true},
		{'重', '虫', true},
		{'章', '罚', false},
		{'a', 'a', false},
		{'章', 'z', false},
	} {
		if got := pinyin.Same(c.a, c.b); got != c.want {
			t.Errorf("Same(%c, %c) = %v", c.a, c.b, got)
		}
	}
}

func TestEverySyllableIsLetters(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := 1; i < pinyin.Count; i++ {
		s := pinyin.Syllable(i).String()
		if s == "" || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") != "" || seen[s] {
			t.Errorf("syllable %d is %q", i, s)
		}
		seen[s] = true
	}
	if got := pinyin.Syllable(pinyin.Count).String(); got != "" {
		t.Errorf("a syllable beyond the table is %q", got)
	}
	if len(seen) < 400 {
		t.Errorf("only %d syllables", len(seen))
	}
	known := 0
	for r := rune(0x4E00); r <= 0x9FA5; r++ {
		if int(pinyin.First(r)) >= pinyin.Count || int(pinyin.Second(r)) >= pinyin.Count {
			t.Fatalf("%c has a reading outside the table", r)
		}
		if pinyin.First(r) != 0 {
			known++
		}
	}
	if known < 20800 {
		t.Errorf("readings for %d of 20902 characters", known)
	}
}
