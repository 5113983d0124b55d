package region_test

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/region"
)

func load(tb testing.TB) *region.Tree {
	tb.Helper()
	t, err := region.Load(catalog.FS)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func TestCounts(t *testing.T) {
	t.Parallel()
	tree := load(t)
	count := map[string]int{}
	slugs := map[string]string{}
	for _, r := range tree.All() {
		count[string(r.Level)]++
		count[r.Kind]++
		if r.Slug != "" {
			if other := slugs[r.Slug]; other != "" {
				t.Errorf("slug %s belongs to %s and %s", r.Slug, other, r.Code)
			}
			slugs[r.Slug] = r.Code
		}
		if (r.Slug == "") != (r.Level == region.County) {
			t.Errorf("%s %s has the slug %q", r.Code, r.Name, r.Slug)
		}
		if (r.Level == region.Prefecture || r.Lon != 0 || r.Lat != 0) && (r.Lon < 73 || r.Lon > 136 || r.Lat < 9 || r.Lat > 54) {
			t.Errorf("%s %s lies at %v, %v", r.Code, r.Name, r.Lon, r.Lat)
		}
	}
	want := map[string]int{
		"nation": 1, "province": 34, "prefecture": 334, "county": 2852,
		"国家": 1, "省": 23, "自治区": 5, "直辖市": 4, "特别行政区": 2,
		"地级市": 291, "自治州": 30, "地区": 10, "盟": 3,
		"市辖区": 914, "县级市": 356, "县": 1408, "自治县": 117, "旗": 49, "自治旗": 3, "林区": 1, "特区": 1, "群岛": 3,
	}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
	if n := len(tree.Cities()); n != 338 {
		t.Errorf("%d cities to choose from, want 334 and 4 municipalities", n)
	}
	if n := len(tree.Provinces()); n != 34 {
		t.Errorf("%d provinces", n)
	}
}

func TestTruthsOf2015(t *testing.T) {
	t.Parallel()
	tree := load(t)
	for _, c := range []struct {
		name, code, full, slug, kind, path, city string
	}{
		{"Laiwu is still a city of its own", "371200", "莱芜市", "laiwu", "地级市", "全国/山东/莱芜", "莱芜"},
		{"Chaohu is a county-level city of Hefei since 2011", "340181", "巢湖市", "", "县级市", "全国/安徽/合肥/巢湖", "合肥"},
		{"Sansha", "460300", "三沙市", "sansha", "地级市", "全国/海南/三沙", "三沙"},
		{"Danzhou is prefecture-level since February 2015", "460400", "儋州市", "danzhou", "地级市", "全国/海南/儋州", "儋州"},
		{"Taiwan", "710000", "台湾省", "taiwan", "省", "全国/台湾", ""},
		{"Hong Kong", "810000", "香港特别行政区", "xianggang", "特别行政区", "全国/香港", ""},
		{"Macau", "820000", "澳门特别行政区", "aomen", "特别行政区", "全国/澳门", ""},
		{"a municipality's district lies under it directly", "110105", "朝阳区", "", "市辖区", "全国/北京/朝阳", "北京"},
		{"a municipality's county too", "500229", "城口县", "", "县", "全国/重庆/城口", "重庆"},
		{"a county run by its province has no city", "419001", "济源市", "", "县级市", "全国/河南/济源", ""},
		{"Shennongjia", "429021", "神农架林区", "", "林区", "全国/湖北/神农架", ""},
		{"Chongming is a county until 2016", "310230", "崇明县", "", "县", "全国/上海/崇明", "上海"},
		{"Suzhou of Jiangsu", "320500", "苏州市", "suzhou-js", "地级市", "全国/江苏/苏州", "苏州"},
		{"an autonomous prefecture", "532500", "红河哈尼族彝族自治州", "honghe", "自治州", "全国/云南/红河州", "红河州"},
		{"the nation", "000000", "中华人民共和国", "china", "国家", "全国", ""},
	} {
		r, ok := tree.Find(c.code)
		if !ok || r.Name != c.full || r.Slug != c.slug || r.Kind != c.kind {
			t.Errorf("%s: %+v", c.name, r)
		}
		var path []string
		for _, p := range tree.Path(c.code) {
			path = append(path, p.Short)
		}
		if got := strings.Join(path, "/"); got != c.path {
			t.Errorf("%s: path %s, want %s", c.name, got, c.path)
		}
		if city, ok := tree.City(c.code); city.Short != c.city || ok != (c.city != "") {
			t.Errorf("%s: city %q, want %q", c.name, city.Short, c.city)
		}
		if r.Slug != "" {
			if same, ok := tree.BySlug(r.Slug); !ok || same != r {
				t.Errorf("%s: slug %s leads to %+v", c.name, r.Slug, same)
			}
		}
	}
	for _, code := range []string{"469003", "340100000", "341400", "110100", "130101", ""} {
		if r, ok := tree.Find(code); ok {
			t.Errorf("%q is no division of 2015 but is %s", code, r.Name)
		}
		if tree.Path(code) != nil || tree.Children(code) != nil {
			t.Errorf("%q has a path or children", code)
		}
	}
	if _, ok := tree.BySlug(""); ok {
		t.Error("the empty slug leads somewhere")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	tree := load(t)
	for _, c := range []struct{ code, short, en, pinyin, initials string }{
		{"330300", "温州", "Wenzhou", "wenzhou", "wz"},
		{"500000", "重庆", "Chongqing", "chongqing", "cq"},
		{"350200", "厦门", "Xiamen", "xiamen", "xm"},
		{"341500", "六安", "Lu'an", "luan", "la"},
		{"340300", "蚌埠", "Bengbu", "bengbu", "bb"},
		{"341600", "亳州", "Bozhou", "bozhou", "bz"},
		{"610000", "陕西", "Shaanxi", "shanxi", "sx"},
		{"152900", "阿拉善盟", "Alxa", "alashan", "als"},
		{"654300", "阿勒泰地区", "Altay", "aletai", "alt"},
		{"653000", "克州", "Kizilsu", "kezilesu", "kzls"},
		{"141100", "吕梁", "Lüliang", "lvliang", "ll"},
		{"130224", "滦南", "Luannan County", "luannan", "ln"},
		{"330382", "乐清", "Yueqing City", "yueqing", "yq"},
		{"330381", "瑞安", "Rui'an City", "ruian", "ra"},
		{"430121", "长沙县", "Changsha County", "changshaxian", "csx"},
		{"530925", "双江", "Shuangjiang Autonomous County", "shuangjiang", "sj"},
		{"622926", "东乡", "Dongxiang Autonomous County", "dongxiang", "dx"},
		{"130107", "井陉矿区", "Jingxing Mining District", "jingxingkuangqu", "jxkq"},
	} {
		r, ok := tree.Find(c.code)
		if !ok || r.Short != c.short || r.En != c.en || r.Pinyin != c.pinyin || r.Initials != c.initials {
			t.Errorf("%s: got %s %s %s %s", c.code, r.Short, r.En, r.Pinyin, r.Initials)
		}
	}
	siblings := map[[2]string]string{}
	for _, r := range tree.All() {
		key := [2]string{r.Parent, r.Short}
		if other := siblings[key]; other != "" {
			t.Errorf("%s and %s are both called %s", other, r.Code, r.Short)
		}
		siblings[key] = r.Code
	}
}

func TestChildren(t *testing.T) {
	t.Parallel()
	tree := load(t)
	for _, c := range []struct {
		code string
		want int
	}{
		{"000000", 34},
		{"330000", 11},
		{"330300", 11},
		{"110000", 16},
		{"460000", 4 + 15}, // four cities; the province's own counties, among them no Danzhou
		{"441900", 0},      // Dongguan has no counties
		{"330381", 0},
	} {
		if got := len(tree.Children(c.code)); got != c.want {
			t.Errorf("%s has %d children, want %d", c.code, got, c.want)
		}
	}
	if !tree.Within("330381", "330000") || tree.Within("330000", "330381") || tree.Within("330381", "nowhere") {
		t.Error("Within is wrong about Rui'an and Zhejiang")
	}
}

func TestLetters(t *testing.T) {
	t.Parallel()
	var heads strings.Builder
	total := 0
	for _, l := range load(t).Letters() {
		heads.WriteString(l.Letter)
		for i, c := range l.Cities {
			total++
			if !strings.HasPrefix(strings.ToUpper(c.Pinyin), l.Letter) {
				t.Errorf("%s under %s", c.Name, l.Letter)
			}
			if i > 0 && l.Cities[i-1].Pinyin > c.Pinyin {
				t.Errorf("%s out of order", c.Name)
			}
		}
	}
	if got := heads.String(); got != "ABCDEFGHJKLMNPQRSTWXYZ" || total != 338 {
		t.Errorf("headings %s with %d cities", got, total)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	tree := load(t)
	for _, c := range []struct {
		name     string
		lon, lat float64
		want     string
	}{
		{"West Lake", 120.15, 30.24, "杭州"},
		{"Tiananmen", 116.397, 39.908, "北京"},
		{"Wenzhou station", 120.68, 28.00, "温州"},
		{"Kashgar's old town", 75.99, 39.47, "喀什地区"},
		{"Yongxing island", 112.34, 16.83, "三沙"},
		{"Thousand Island Lake, 130 km from Hangzhou's centre", 118.95, 29.55, "杭州"},
		{"Shenzhen's border at Luohu", 114.113, 22.535, "深圳"},
		{"Dongguan, which has no counties", 113.75, 23.02, "东莞"},
		{"Cangzhou", 116.84, 38.30, "沧州"},
		{"Kunshan", 120.98, 31.39, "苏州"},
		{"Pudong airport", 121.80, 31.15, "上海"},
		{"the high north of Ngari", 81.5, 34.2, "阿里地区"},
		{"Kowloon", 114.17, 22.32, ""},
		{"Macau", 113.54, 22.19, ""},
		{"Taipei", 121.56, 25.04, ""},
		{"Xiantao, run by its province", 113.45, 30.37, ""},
		{"London", -0.12, 51.5, ""},
		{"no number", math.NaN(), 30, ""},
		{"no place", 500, 30, ""},
	} {
		if got := tree.Nearest(c.lon, c.lat).Short; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLoadRefusesDamage(t *testing.T) {
	t.Parallel()
	const head = "code,name,short,slug,en,level,kind,parent,lon,lat,pinyin\n000000,国,国,china,China,nation,国家,,,,guo\n"
	const facts = "a,b,c,d,e,f,g,h,i,j,k,l,m,n\n000000,b,c,d,e,f,g,h,0,0,k,l,m,n\n"
	for _, c := range []struct{ name, rows, facts, want string }{
		{"code twice", "110000,a,a,a,A,province,省,000000,,,a\n110000,a,a,b,A,province,省,000000,,,a\n", facts, "occurs twice"},
		{"slug twice", "110000,a,a,a,A,province,省,000000,,,a\n120000,a,a,a,A,province,省,000000,,,a\n", facts, "slug a occurs twice"},
		{"no parent", "110100,a,a,a,A,prefecture,市,110000,,,a\n", facts, "does not stand above"},
		{"parent below", "110000,a,a,a,A,province,省,110000,,,a\n", facts, "does not stand above"},
		{"level", "110000,a,a,a,A,planet,省,000000,,,a\n", facts, "level"},
		{"no number", "110000,a,a,a,A,province,省,000000,x,1,a\n", facts, "parsing"},
		{"columns", "110000,a\n", facts, "wrong number of fields"},
		{"hole", "110000,,a,a,A,province,省,000000,,,a\n", facts, "not whole"},
		{"unknown fact", "110000,a,a,a,A,province,省,000000,,,a\n", strings.Replace(facts, "000000", "999999", 1), "999999"},
	} {
		fsys := fstest.MapFS{
			"regions/regions.csv":     {Data: []byte(head + c.rows)},
			"regions/prefectures.csv": {Data: []byte(c.facts)},
		}
		_, err := region.Load(fsys)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := region.Load(fstest.MapFS{}); err == nil {
		t.Error("an empty catalogue was read")
	}
}

func BenchmarkNearest(b *testing.B) {
	tree := load(b)
	for b.Loop() {
		tree.Nearest(120.15, 30.24)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}
