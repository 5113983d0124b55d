// Package account knows official accounts: who speaks to residents in whose name.
//
// An account is known by its alias for ever; putting it again changes its other fields but the day
// it was opened, and putting the same again changes nothing and tells nobody. Accounts are public.
package account

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"zhijian/ground/fault"
)

// Kind is what an account is for.
type Kind string

// The kinds: 订阅号 publishes, 服务号 serves.
const (
	Subscription Kind = "subscription"
	Service      Kind = "service"
)

// Account is one official account.
type Account struct {
	ID         int64
	Alias      string // unique, for URLs: "hzjj"
	Name       string // 杭州交警
	En         string
	Kind       Kind
	Department int64
	Region     string
	Sector     string
	Verified   bool
	Intro      string // one sentence
	IntroEn    string
	Sign       string // one character for the avatar: 警
	Opened     time.Time
}

// check refuses an account that could not be shown; all faults at once.
func (a Account) check() error {
	var alias, name, kind, department, region, sign *fault.Error
	if !word(a.Alias) {
		alias = fault.Invalid("account.alias", "公众号代号用 3 到 32 位小写字母、数字和短横线").On("alias")
	}
	if n := utf8.RuneCountInString(a.Name); n < 2 || n > 30 || strings.ContainsFunc(a.Name, unicode.IsControl) {
		name = fault.Invalid("account.name", "公众号名称请填 2 到 30 个字").On("name")
	}
	if a.Kind != Subscription && a.Kind != Service {
		kind = fault.Invalid("account.kind", "请选订阅号或服务号").On("kind")
	}
	if a.Department == 0 {
		department = fault.Invalid("account.department", "请选开办公众号的部门").On("department")
	}
	if len(a.Region) != 6 {
		region = fault.Invalid("account.region", "地区请填 6 位行政区划代码").On("region")
	}
	if n := utf8.RuneCountInString(a.Sign); n > 1 {
		sign = fault.Invalid("account.sign", "头像上的字只能是一个").On("sign")
	}
	return fault.Join(alias, name, kind, department, region, sign)
}

func word(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != '-' || i == 0 || i == len(s)-1) {
			return false
		}
	}
	return len(s) >= 3 && len(s) <= 32
}
