package push

import (
	"strconv"
	"strings"
	"time"
)

// MaxText is the most bytes of a reply's text, in UTF-8. The platform drops a longer one without a word.
const MaxText = 2048

// Article is a card that leads to a page.
type Article struct {
	Title, Text, URL string
}

// Reply writes the answer to a message: a text, or one card when there is an address. now is when it is said.
func Reply(to Message, a Article, now time.Time) []byte {
	var b strings.Builder
	b.WriteString("<xml>")
	text(&b, "ToUserName", to.From)
	text(&b, "FromUserName", to.To)
	b.WriteString("<CreateTime>" + strconv.FormatInt(now.Unix(), 10) + "</CreateTime>")
	if a.URL == "" {
		text(&b, "MsgType", "text")
		text(&b, "Content", a.Text)
	} else {
		text(&b, "MsgType", "news")
		b.WriteString("<ArticleCount>1</ArticleCount><Articles><item>")
		text(&b, "Title", a.Title)
		text(&b, "Description", a.Text)
		text(&b, "PicUrl", "")
		text(&b, "Url", a.URL)
		b.WriteString("</item></Articles>")
	}
	b.WriteString("</xml>")
	return []byte(b.String())
}

// Wrap seals a reply for an app and signs it.
func Wrap(k Key, app, token string, reply []byte, nonce string, now time.Time) []byte {
	sealed, at := k.Seal(app, reply), strconv.FormatInt(now.Unix(), 10)
	var b strings.Builder
	b.WriteString("<xml>")
	text(&b, "Encrypt", sealed)
	text(&b, "MsgSignature", Sign(token, at, nonce, sealed))
	b.WriteString("<TimeStamp>" + at + "</TimeStamp>")
	text(&b, "Nonce", nonce)
	b.WriteString("</xml>")
	return []byte(b.String())
}

// text writes an element. What would end it is split between two sections; what XML cannot hold is left out.
func text(b *strings.Builder, name, value string) {
	value = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(value, ""))
	b.WriteString("<" + name + "><![CDATA[" + strings.ReplaceAll(value, "]]>", "]]]]><![CDATA[>") + "]]></" + name + ">")
}
