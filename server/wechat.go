package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/ground/fault"
	"zhijian/ground/push"
	"zhijian/ui/wording"
	"zhijian/wechat"
)

// wechatAccount is one account of the file, in the words of the platform's console.
type wechatAccount struct {
	ID     string `yaml:"id"`
	AppID  string `yaml:"appid"`
	Token  string `yaml:"token"`
	Key    string `yaml:"aes_key"`
	OldKey string `yaml:"old_aes_key"`
	Mode   string `yaml:"mode"`
}

// String hides the token and the keys.
func (wechatAccount) String() string { return "[sealed]" }

var (
	wechatID    = regexp.MustCompile(`^gh_[0-9A-Za-z]{1,29}$`)
	wechatApp   = regexp.MustCompile(`^wx[0-9A-Za-z]{1,30}$`)
	wechatToken = regexp.MustCompile(`^[0-9A-Za-z]{3,32}$`)
)

// readWechat reads the accounts whose messages come from another platform. The file holds secrets: others must not be able to read it, and what
// is wrong with it is told without quoting it.
func readWechat(path string) (_ map[string]wechat.Link, err error) {
	if path == "" {
		return nil, nil
	}
	defer fault.Wrap(&err, "accounts on WeChat, %s", path)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("mode is %v: others can read it; chmod 400", info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Accounts map[string]wechatAccount `yaml:"accounts"`
	}
	d := yaml.NewDecoder(strings.NewReader(string(text)))
	d.KnownFields(true)
	if d.Decode(&file) != nil { // its own words quote the file
		return nil, errors.New("want accounts: ALIAS: {id: gh_…, appid: wx…, token: …, aes_key: …, mode: plain, compatible or secure}")
	}
	links := map[string]wechat.Link{}
	for _, alias := range slices.Sorted(maps.Keys(file.Accounts)) {
		if links[alias], err = file.Accounts[alias].link(); err != nil {
			return nil, fmt.Errorf("account %q: %w", alias, err)
		}
	}
	if len(links) == 0 {
		return nil, errors.New("there is no account in it")
	}
	return links, nil
}

func (a wechatAccount) link() (l wechat.Link, err error) {
	l = wechat.Link{ID: a.ID, AppID: a.AppID, Token: a.Token, Mode: wechat.Mode(a.Mode)}
	switch {
	case !wechatID.MatchString(a.ID):
		return l, errors.New("id: want the account's 原始ID, gh_ and letters or digits")
	case !wechatApp.MatchString(a.AppID):
		return l, errors.New("appid: want the AppID, wx and letters or digits")
	case !wechatToken.MatchString(a.Token):
		return l, errors.New("token: want the Token, 3 to 32 letters or digits")
	case !slices.Contains([]wechat.Mode{wechat.Plain, wechat.Compatible, wechat.Secure}, l.Mode):
		return l, errors.New("mode: want plain (明文模式), compatible (兼容模式) or secure (安全模式)")
	case (l.Mode == wechat.Plain) != (a.Key == ""), l.Mode == wechat.Plain && a.OldKey != "":
		return l, errors.New("aes_key: wanted in compatible and secure mode, and not in plain mode")
	case l.Mode == wechat.Plain:
		return l, nil
	}
	if l.Key, err = push.ParseKey(a.Key); err != nil {
		return l, errors.New("aes_key: want the EncodingAESKey, 43 letters and digits")
	}
	if a.OldKey != "" {
		if l.Old, err = push.ParseKey(a.OldKey); err != nil {
			return l, errors.New("old_aes_key: want the EncodingAESKey before, 43 letters and digits")
		}
	}
	return l, nil
}

// wechatDoor is where the messages of accounts on other platforms arrive.
func (h *House) wechatDoor() (*wechat.Wechat, error) {
	links, err := readWechat(h.c.Wechat)
	if err != nil {
		return nil, err
	}
	h.linked = slices.Sorted(maps.Keys(links))
	for _, alias := range h.linked {
		if links[alias].Mode == wechat.Plain {
			h.c.Log.Warn("messages come in plain mode, whose signature does not cover them; choose secure mode in the platform's console", "account", alias)
		}
	}
	return wechat.New(wechat.Config{
		Links: links, Talk: h.chat, Accounts: h.rooms.account, Followers: h.rooms.follower, Residents: h.rooms.identity, Say: wording.Fault, Clock: h.c.Clock,
	})
}

// checkLinked refuses a file that names an account the house does not have: its messages would come in vain.
func (h *House) checkLinked(ctx context.Context) error {
	for _, alias := range h.linked {
		if _, err := h.rooms.account.ByAlias(ctx, alias); fault.Is(err, fault.KindNotFound) {
			return fmt.Errorf("accounts on WeChat, %s: there is no account %q here", h.c.Wechat, alias)
		} else if err != nil {
			return err
		}
	}
	return nil
}
