package service

import (
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/money"
)

// answerType is what the house knows about one kind of answer.
type answerType struct {
	name         string
	kind         string // shape of the value
	personal     bool   // names a person or their thing: a look-up by it alone is refused at load
	counted      bool   // a look-up by it must be budgeted
	factor       bool   // known only to who holds the document: a second factor of a look-up
	autocomplete string
	inputMode    string
	maxLength    int // of the input, with room for spaces and hyphens
	read         func(s string, now time.Time) (any, error)
}

// answerTypes lists every type; docs/service-definition.md says the same in words.
func answerTypes() []answerType {
	return []answerType{
		{name: "plate", kind: "plate", personal: true, counted: true, maxLength: 20, read: by(format.Plate)},
		{name: "phone", kind: "phone", personal: true, counted: true, autocomplete: "tel", inputMode: "tel", maxLength: 24, read: by(format.Phone)},
		{name: "citizen_number", kind: "citizen_number", personal: true, counted: true, autocomplete: "off", maxLength: 30, read: readCitizen},
		{name: "credit_code", kind: "text", maxLength: 40, read: by(format.CreditCode)},
		{name: "bank_card", kind: "bank_card", personal: true, counted: true, autocomplete: "cc-number", inputMode: "numeric", maxLength: 40, read: by(format.BankCard)},
		{name: "date", kind: "day", maxLength: 24, read: by(format.Date)},
		{name: "money", kind: "money", inputMode: "decimal", maxLength: 20, read: readMoney},
		{name: "text", kind: "text", maxLength: 500, read: readText},
		{name: "number", kind: "int", inputMode: "numeric", maxLength: 12, read: readNumber},
		{name: "choice", kind: "text", maxLength: 100, read: readText},
		{name: "list", kind: "list"},
		{name: "item", kind: "object"},
		{name: "slot", kind: "text", maxLength: 100, read: readText},
		{name: "engine_tail", kind: "text", factor: true, maxLength: 16, read: by(format.EngineTail)},
		{name: "electricity_account", kind: "text", counted: true, inputMode: "numeric", maxLength: 24, read: by(format.ElectricityAccount)},
		{name: "digits", kind: "text", counted: true, autocomplete: "off", inputMode: "numeric", maxLength: 40, read: by(format.Digits)},
		{name: "person_name", kind: "person_name", personal: true, counted: true, autocomplete: "name", maxLength: 100, read: by(format.PersonName)},
		{name: typeLocation, kind: typeLocation, maxLength: 24},
		{name: typePerson, kind: typePerson, personal: true, counted: true, maxLength: 40},
		{name: typeWhom, kind: typeWhom, maxLength: 40},
		{name: typeEntries, kind: typeEntries},
		{name: "place", kind: "text", autocomplete: "street-address", maxLength: 100, read: readText},
		{name: typeFile, kind: "file"},
	}
}

// value is the shape of the type's value; what a list or an item holds is known only with the definition.
func (t answerType) value() *shape {
	switch t.name {
	case typeFile:
		return &shape{kind: "list", elem: fileShape()}
	case typeLocation:
		return locationShape()
	case typePerson:
		return personShape(typePerson)
	case typeEntries:
		return &shape{kind: "list", elem: scalar("any")} // until its parts are known
	}
	return scalar(t.kind)
}

func answerTypeOf(name string) (answerType, bool) {
	for _, t := range answerTypes() {
		if t.name == name {
			return t, true
		}
	}
	return answerType{}, false
}

func by(parse func(string) (string, error)) func(string, time.Time) (any, error) {
	return func(s string, _ time.Time) (any, error) {
		v, err := parse(s)
		return v, err
	}
}

func readCitizen(s string, now time.Time) (any, error) {
	v, err := format.CitizenNumber(s, now)
	return v, err
}

func readMoney(s string, _ time.Time) (any, error) {
	f, err := money.Parse(s)
	return int64(f), err
}

func readNumber(s string, _ time.Time) (any, error) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == ' ' || r == ',' || r == '，' || r == '\u3000':
			return -1
		}
		return r
	}, s)
	if s == "" || len(s) > 9 || strings.Trim(s, "0123456789") != "" {
		return int64(0), fault.Invalid("number", "请填整数，例如 12")
	}
	n := int64(0)
	for i := range len(s) {
		n = n*10 + int64(s[i]-'0')
	}
	return n, nil
}

// readText keeps what was written, without control characters and without blanks at the ends.
func readText(s string, _ time.Time) (any, error) {
	if !utf8.ValidString(s) {
		return "", fault.Invalid("text.chars", "有读不出的字符，请重新填写")
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s), nil
}
