package service_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"zhijian/domain/service"
	"zhijian/ground/fault"
)

// FuzzApply sends any text to every input of a form: nothing panics, nothing typed is lost, and what
// is refused gets a sentence.
func FuzzApply(f *testing.F) {
	d := load(f, "everything.yaml")
	offer := service.Offer{Offices: map[string]service.Office{"school": {System: "s", Name: service.Text{Zh: "考场"}, Payee: "考试中心"}}}
	for _, s := range []string{"", "one", "２０２６年１１月", "浙A12345", "9223372036854775808", "1e308", "1.5", "-1", "\x00\xff", "１３８ 0013 8000", strings.Repeat("长", 500)} {
		f.Add(s, s, s)
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		r := ride(t, d, offer, "")
		in := service.Answer{Step: "wish", Values: map[string][]string{
			"subject": {a}, "phone": {b}, "remark": {c}, "seats": {a, c}, "birthday": {b}, "budget": {c}, a: {b},
		}}
		next, effects, err := d.Apply(r.s, in, r.env)
		if err == nil {
			d.View(next, r.env)
			return
		}
		bad := fault.Of(err)
		if bad == nil || bad.Kind != fault.KindInvalid || len(effects) > 0 {
			t.Fatalf("%v", err)
		}
		for _, e := range bad.All() {
			if e.Field == "" || e.Public == "" || strings.ContainsAny(e.Public, "!！") || strings.Contains(e.Public, "非法") || strings.Contains(e.Public, "无效") {
				t.Errorf("field %q is told %q", e.Field, e.Public)
			}
			if long := strings.TrimSpace(a); len(long) > 30 && strings.Contains(e.Error()+e.Public, long) {
				t.Errorf("the sentence repeats what was typed")
			}
		}
		for _, field := range d.View(next, r.env).Fields {
			typed := in.Values[field.Name][0]
			if utf8.ValidString(typed) && len(typed) < 4000 && field.Value != typed {
				t.Errorf("%s: typed %q, kept %q", field.Name, typed, field.Value)
			}
		}
	})
}
