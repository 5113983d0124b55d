package service

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/ground/format"
	"zhijian/ground/money"
)

// template is a wording with values in it: "有 {size(violations.items)} 条没有处理".
type template struct{ zh, en []part }

type part struct {
	lit string
	e   *expr
}

func (t template) empty() bool { return len(t.zh) == 0 }

// template reads a wording: a line of Chinese, or {zh, en}; {…} holds an expression, {{ a brace.
func (c *compiler) template(n *yaml.Node, path string, sc scope) template {
	if n == nil {
		return template{}
	}
	if n.Kind == yaml.ScalarNode {
		return template{zh: c.parts(n, path, c.r.word(n, path), sc)}
	}
	m := c.r.mapping(n, path)
	zh, en := m.need("zh", "a wording is in Chinese first"), m.get("en")
	t := template{zh: c.parts(zh, m.at("zh"), c.r.word(zh, m.at("zh")), sc), en: c.parts(en, m.at("en"), c.r.word(en, m.at("en")), sc)}
	m.done()
	return t
}

func (c *compiler) parts(n *yaml.Node, path, s string, sc scope) []part {
	var out []part
	lit := ""
	for s != "" {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			lit, s = lit+s, ""
			break
		}
		lit += s[:i]
		if strings.HasPrefix(s[i:], "{{") {
			lit, s = lit+"{", s[i+2:]
			continue
		}
		end := closing(s[i:])
		if end < 0 {
			c.r.say(n, path, "A { in the wording is never closed; write {{ for a brace.")
			return nil
		}
		if lit != "" {
			out, lit = append(out, part{lit: lit}), ""
		}
		e := c.compile(n, path, s[i+1:i+end], wantAny, sc)
		if e != nil && (e.shape.kind == "object" || e.shape.kind == "any") {
			c.r.say(n, path, "%q gives %s, which a wording cannot show.", clip(e.src), wordFor(e.shape.kind))
			e = nil
		}
		if e != nil {
			out = append(out, part{e: e})
		}
		s = s[i+end+1:]
	}
	if lit != "" {
		out = append(out, part{lit: lit})
	}
	return out
}

// closing finds the } that ends the expression begun by s[0], skipping quoted text.
func closing(s string) int {
	depth, quote := 0, byte(0)
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote && s[i-1] != '\\' {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// in renders the wording; a value that cannot be computed shows as a dash, never as an error.
func (t template) in(sc *scene) string {
	parts := t.zh
	if sc.env.Lang == "en" && len(t.en) > 0 {
		parts = t.en
	}
	if len(parts) == 1 && parts[0].e == nil {
		return parts[0].lit
	}
	var b strings.Builder
	for _, p := range parts {
		if p.e == nil {
			b.WriteString(p.lit)
			continue
		}
		if p.e.unstated(sc) {
			b.WriteString(phrase("unstated").In(sc.env.Lang))
			continue
		}
		v, err := p.e.eval(sc)
		if err != nil {
			b.WriteString("—")
			continue
		}
		b.WriteString(show(v, p.e.shape.kind, sc.env.Lang))
	}
	return b.String()
}

// show gives a value as a resident reads it, by the kind it was declared as. Own data is shown whole.
func show(v any, kind, lang string) string {
	switch v := v.(type) {
	case int64:
		if kind == "money" {
			return showMoney(money.Fen(v), lang)
		}
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return yesNo(v, lang)
	case []any:
		out := make([]string, len(v))
		for i, e := range v {
			out[i] = show(e, "text", lang)
		}
		if lang == "en" {
			return strings.Join(out, ", ")
		}
		return strings.Join(out, "、")
	case string:
		return showText(v, kind, lang)
	case map[string]any:
		if kind == "location" {
			return textOf(v, "name")
		}
	}
	return ""
}

func showText(s, kind, lang string) string {
	switch kind {
	case "time":
		return showTime(s, lang)
	case "day":
		return showDay(s, lang)
	case "plate":
		return format.PlateShow(s)
	case "phone":
		return format.Mask(format.FieldPhone, format.Own, s)
	case "citizen_number":
		return format.Mask(format.FieldCitizenNumber, format.Own, s)
	case "bank_card":
		return format.Mask(format.FieldBankCard, format.Own, s)
	}
	return s
}

func yesNo(b bool, lang string) string {
	switch {
	case b && lang == "en":
		return "Yes"
	case lang == "en":
		return "No"
	case b:
		return "是"
	}
	return "否"
}
