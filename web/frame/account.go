package frame

import (
	"zhijian/domain/account"
	"zhijian/ui/component"
)

// Avatar gives an account its character on one of the calm grounds, always the same one.
func Avatar(a account.Account) component.Avatar {
	tones := []string{"", "b", "c", "d", "e"}
	n := 0
	for _, c := range a.Alias {
		n = (n*31 + int(c)) % len(tones)
	}
	return component.Avatar{Char: a.Sign, Tone: tones[n]}
}

// AccountName is an account's name in a language.
func AccountName(a account.Account, lang string) string {
	if lang == "en" && a.En != "" {
		return a.En
	}
	return a.Name
}
