package region_test

import (
	"strings"
	"testing"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	tree := load(t)
	for _, c := range []struct {
		q    string
		want string // the first results, parted by blanks
	}{
		{"温州", "温州"},
		{"温州市", "温州"},
		{" 温 州 ", "温州"},
		{"温", "温州 温岭"},
		{"wenzhou", "温州"},
		{"WenZhou", "温州"},
		{"ｗｚ", "温州"},
		{"wz", "温州 梧州"},
		{"hz", "杭州"},
		{"bj", "北京"},
		{"cq", "重庆"},
		{"wenz", "温州"},
		{"xi'an", "西安"},
		{"xian", "西安"},
		{"wēnzhōu", "温州"},
		{"wenzhoushi", "温州"},
		{"wenzou", "温州"},
		{"wenzhuo", "温州"},
		{"hagnzhou", "杭州"},
		{"shengzhen", "深圳"},
		{"chongqin", "重庆"},
		{"温洲", "温州"},
		{"杭洲市", "杭州"},
		{"毫州", "亳州"},
		{"重慶", "重庆"},
		{"乌鲁木其", "乌鲁木齐"},
		{"呼和皓特", "呼和浩特"},
		{"浙江温州", "温州"},
		{"浙江省温州市", "温州"},
		{"浙江省温州市瑞安市", "瑞安"},
		{"吉林吉林", "吉林"},
		{"上海浦东", "浦东"},
		{"瑞安", "瑞安"},
		{"莱芜", "莱芜"},
		{"浦东新区", "浦东"},
		{"红河哈尼族", "红河州"},
		{"urumqi", "乌鲁木齐"},
		{"Ürümqi", "乌鲁木齐"},
		{"hongkong", "香港"},
		{"Hong Kong", "香港"},
		{"harbin", "哈尔滨"},
		{"suzhou-ah", "宿州"},
		{"suzhou", "苏州"},
		{"shanxi", "山西 陕西"},
		{"shaanxi", "陕西"},
		{"lvliang", "吕梁"},
		{"luliang", "吕梁"},
		{"aletai", "阿勒泰地区"},
		{"taiwan", "台湾"},
		{"全国", "全国"},
		{"火星", ""},
		{"qqqqq", ""},
		{"123", ""},
		{"", ""},
		{"！？", ""},
	} {
		var got []string
		for _, r := range tree.Search(c.q, 5) {
			got = append(got, r.Short)
		}
		all := strings.Join(got, " ")
		if c.want == "" && all != "" || all != c.want && !strings.HasPrefix(all, c.want+" ") {
			t.Errorf("%q finds %q, want %q first", c.q, all, c.want)
		}
	}
}

func TestSearchLimit(t *testing.T) {
	t.Parallel()
	tree := load(t)
	for _, limit := range []int{-1, 0, 1, 7} {
		got := tree.Search("z", limit)
		if len(got) != max(limit, 0) {
			t.Errorf("limit %d gives %d", limit, len(got))
		}
		seen := map[string]bool{}
		for _, r := range got {
			if seen[r.Code] {
				t.Errorf("%s twice", r.Name)
			}
			seen[r.Code] = true
		}
	}
}

// Every city is found first by its full name, and among the first ten by its slug's letters.
func TestEveryCityIsFound(t *testing.T) {
	t.Parallel()
	tree := load(t)
	for _, c := range tree.Cities() {
		if got := tree.Search(c.Name, 1); len(got) != 1 || got[0].Code != c.Code {
			t.Errorf("%s finds %v", c.Name, got)
		}
		slug, _, _ := strings.Cut(c.Slug, "-")
		found := false
		for _, r := range tree.Search(slug, 10) {
			found = found || r.Code == c.Code
		}
		if !found {
			t.Errorf("%s is not found by %s", c.Name, slug)
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, q := range []string{"温州", "wz", "浙江温州", strings.Repeat("吉林", 30), "\xff", "wen洲", "ǚ"} {
		f.Add(q)
	}
	tree := load(f)
	f.Fuzz(func(t *testing.T, q string) {
		for _, r := range tree.Search(q, 5) {
			if _, ok := tree.Find(r.Code); !ok {
				t.Errorf("%q finds %+v", q, r)
			}
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	tree := load(b)
	for _, q := range []string{"wz", "wenzhou", "温州", "温洲", "wenzou"} {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				tree.Search(q, 10)
			}
		})
	}
}
