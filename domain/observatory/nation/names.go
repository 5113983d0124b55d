package nation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/observatory"
)

// mark says in every name that the account is simulated.
const mark = "（模拟）"

var (
	medicalNames = map[string][]string{
		"三甲医院": {"{}第一人民医院", "{}中心医院", "{}中医院", "{}附属医院", "{}妇幼保健院"},
		"等级医院": {"{}人民医院", "{}第二人民医院", "{}中医医院", "{}骨科医院", "{}妇幼保健医院"},
		"基层医疗": {"{}社区卫生服务中心", "{}卫生院", "{}社区卫生服务站"},
		"公共卫生": {"{}疾控", "{}血站", "{}急救中心"},
		"其他医疗": {"{}门诊部", "{}口腔医院", "{}眼科医院", "{}体检中心", "{}康复医院", "{}药房"},
	}
	policeNames = map[string][]string{
		"消防": {"{}消防"}, "交警": {"{}交警", "{}车管所"}, "出入境": {"{}出入境"}, "户政": {"{}户政"}, "派出所": {"{}派出所"},
		"边防": {"{}边防"}, "治安": {"{}治安"}, "公共安全": {"{}网安"}, "禁毒": {"{}禁毒"}, "巡警": {"{}巡警"}, "经侦": {"{}经侦"},
		"刑警": {"{}刑警"},
	}
)

// name gives every account a name of its own. Named accounts of the paper take the place of a fitting one.
func (c *census) name(list []place, all []account) error {
	if err := c.nameKnown(list, all); err != nil {
		return err
	}
	taken := map[string]int{}
	for i := range all {
		if all[i].name != "" {
			taken[all[i].name] = 1
		}
	}
	next := map[string]int{}
	for i := range all {
		a := &all[i]
		if a.name != "" {
			continue
		}
		where := c.where(list[a.place], a, i)
		patterns := c.patterns(a)
		key := where + patterns[0]
		n := next[key]
		next[key]++
		name := strings.ReplaceAll(patterns[n%len(patterns)], "{}", where)
		if round := n / len(patterns); round > 0 {
			name += strconv.Itoa(round + 1)
		}
		for taken[name] > 0 { // another place of the same name
			taken[name]++
			name += "·" + strconv.Itoa(taken[name])
		}
		taken[name] = 1
		a.name = name
	}
	return nil
}

func (c *census) patterns(a *account) []string {
	if list := medicalNames[a.institution]; list != nil {
		return list
	}
	if list := policeNames[a.institution]; list != nil {
		return list
	}
	return c.sectors[a.sector].names
}

// Names of places that are in many cities at once: of towns, and of accounts whose place nobody could tell.
var (
	towns     = []string{"城关镇", "城东镇", "新城镇", "河东镇", "龙泉镇", "石桥镇", "双河镇", "东风乡", "太平镇", "清水乡", "大山乡", "白马镇"}
	ambiguous = []string{"新华", "和平", "朝阳", "东城", "南山", "城关", "桥东", "永安", "宝山", "鼓楼", "江北", "铁西", "向阳", "青山", "南湖", "红旗", "建设", "长安"}
)

// where is the place in a name. A county's name comes after its city's: 朝阳 alone is in many. turn counts the accounts.
func (c *census) where(v place, a *account, turn int) string {
	switch v.bucket {
	case central:
		return "中国"
	case unresolved:
		return ambiguous[turn%len(ambiguous)]
	case abroad:
		switch v.row {
		case rowHongKong:
			return "香港"
		case rowMacau:
			return "澳门"
		}
		return c.countryName[a.country]
	}
	r, _ := c.tree.Find(v.code)
	name := r.Short
	if a.region != v.code {
		county, _ := c.tree.Find(a.region)
		name += county.Short
	}
	if a.level == observatory.Township && a.sector != streets {
		name += towns[turn%len(towns)]
	}
	return name
}

// nameKnown gives the paper's names to accounts of the right place, sector and institution.
func (c *census) nameKnown(list []place, all []account) error {
	for _, v := range c.named {
		best, score := -1, -1
		for i := range all {
			a := &all[i]
			if list[a.place].code != v.place || c.sectors[a.sector].id != v.sector || a.name != "" {
				continue
			}
			if s := fits(v, list[a.place], a); s > score {
				best, score = i, s
			}
		}
		if best < 0 {
			return fmt.Errorf("no account can be called %s", v.name)
		}
		all[best].name, all[best].fixed = v.name, v.users
	}
	return nil
}

// fits says how well an account suits a name: its institution and kind, its level, that it is verified and was there last year.
func fits(v namedAccount, at place, a *account) int {
	score := 0
	for part, institution := range map[string]string{"交警": "交警", "出入境": "出入境", "医": "三甲医院"} {
		if strings.Contains(v.name, part) && a.institution == institution {
			score += 8
		}
	}
	if strings.HasSuffix(v.name, "服务号") == a.serves {
		score += 4
	}
	if a.region == at.code && a.level != observatory.Township {
		score += 2
	}
	if a.verified && a.last {
		score++
	}
	return score
}

// Departments with an account, for ownership rates: 17 of 42 ministries, 24 of 53 departments of 浙江, 30 of 50 of 杭州. The numbers of
// departments are not printed; these are among the smallest that give 40.5, 45.3 and 60.0 percent.
var owners = map[string]int{"000000": 17, "330000": 24, "330100": 30}

// departments names the organ behind an account where its sector has one: "浙江省旅游局".
func (c *census) departments(list []place, all []account) {
	seen := map[string][]string{}
	spare := map[string][]*account{}
	for i := range all {
		a := &all[i]
		name := c.organ(list[a.place], a)
		if name == "" {
			continue
		}
		most, limited := owners[a.region]
		limited = limited && a.level == mixOf(list[a.place]).top
		if limited && !slices.Contains(seen[a.region], name) {
			if len(seen[a.region]) == most {
				continue
			}
			seen[a.region] = append(seen[a.region], name)
		} else if limited {
			spare[a.region] = append(spare[a.region], a)
		}
		a.department = name
	}
	for region, most := range owners {
		for i := 0; len(seen[region]) < most && i < len(spare[region]); i++ {
			a := spare[region][i]
			a.department += "直属中心" + strconv.Itoa(i+1)
			seen[region] = append(seen[region], a.department)
		}
	}
}

// organ is "" for hospitals, for places not known and abroad, and for towns, whose organs we do not tell apart.
func (c *census) organ(v place, a *account) string {
	organs := c.sectors[a.sector].organs
	r, known := c.tree.Find(a.region)
	switch {
	case !known || v.bucket == abroad || organs[0] == "" || a.level == observatory.Township && a.sector != streets:
		return ""
	case v.bucket == central:
		return organs[2]
	case v.bucket == pooled && organs[1] != "":
		return r.Name + organs[1]
	}
	return r.Name + organs[0]
}
