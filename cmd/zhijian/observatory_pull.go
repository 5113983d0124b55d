package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/seal"
	"zhijian/ground/tabular"
	"zhijian/outside/datacube"
)

// secretVariable holds the secret when there is no file.
const secretVariable = "ZHIJIAN_DATACUBE_SECRET"

type observatoryPullCmd struct {
	Base       string        `default:"https://api.weixin.qq.com" help:"Address of the platform." placeholder:"URL"`
	AppID      string        `name:"appid" required:"" help:"The account's appid." placeholder:"ID"`
	SecretFile string        `type:"path" help:"File with the appid's secret; without it the variable ZHIJIAN_DATACUBE_SECRET is read." placeholder:"FILE"`
	Month      string        `required:"" help:"A month that is over." placeholder:"YYYY-MM"`
	Out        string        `required:"" help:"Folder for months.csv, which import takes, and days.csv with all that the platform told." placeholder:"DIR"`
	AccountID  string        `help:"The account's id in the registry; without it the appid." placeholder:"ID"`
	Private    bool          `help:"The platform may lie at a private address and speak plain http."`
	Timeout    time.Duration `default:"10s" help:"How long to wait for each answer."`
}

// Run asks for a month and writes it as tables.
func (c observatoryPullCmd) Run(ctx context.Context) (err error) {
	defer func() { err = plain(err) }()
	secret, err := c.secret()
	if err != nil {
		return err
	}
	client, err := datacube.New(datacube.Config{Base: c.Base, AppID: c.AppID, Secret: secret, Private: c.Private, Timeout: c.Timeout, Clock: &clock.System{}})
	if err != nil {
		return err
	}
	defer client.Close()
	m, err := client.Read(ctx, c.Month)
	if err != nil {
		return err
	}
	id := c.AccountID
	if id == "" {
		id = c.AppID
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	if err := writeSheet(filepath.Join(c.Out, "months.csv"), monthSheet(id, m)); err != nil {
		return err
	}
	if err := writeSheet(filepath.Join(c.Out, "days.csv"), daySheet(id, m)); err != nil {
		return err
	}
	fmt.Printf("%s: at least %d active users, %d clicks; visits to services are not told by the platform and stay empty.\n", c.Month, m.Active(), m.Clicks())
	return nil
}

// secret reads the secret from the file or the environment, never from the command line, which others can see.
func (c observatoryPullCmd) secret() (seal.Text, error) {
	text := os.Getenv(secretVariable)
	if c.SecretFile != "" {
		b, err := os.ReadFile(c.SecretFile)
		if err != nil {
			return seal.Text{}, err
		}
		text = string(b)
	}
	if text = strings.TrimSpace(text); text == "" {
		return seal.Text{}, errors.New("there is no secret: give --secret-file FILE, or set " + secretVariable)
	}
	return seal.Plain(text), nil
}

// monthSheet is the table that import takes. What the platform does not tell stays empty.
func monthSheet(id string, m *datacube.Month) [][]string {
	return [][]string{
		{"account_id", "month", "active_users", "clicks", "service_visits"},
		{id, m.Month, strconv.FormatInt(m.Active(), 10), strconv.FormatInt(m.Clicks(), 10), ""},
	}
}

func daySheet(id string, m *datacube.Month) [][]string {
	rows := [][]string{{
		"account_id", "date", "new_user", "cancel_user", "cumulate_user", "int_page_read_user", "int_page_read_count", "ori_page_read_user", "ori_page_read_count",
		"share_count", "add_to_fav_count", "msg_user", "msg_count", "callback_count", "fail_count",
	}}
	for _, d := range m.Days {
		row := []string{id, d.Date}
		for _, n := range []int64{
			d.Follow, d.Leave, d.Followers, d.ReadUsers, d.Reads, d.OriginUsers, d.Originals, d.Shares, d.Favourites, d.Writers, d.Messages, d.Callbacks, d.Failures,
		} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		rows = append(rows, row)
	}
	return rows
}

func writeSheet(path string, rows [][]string) error {
	b, err := tabular.CSV(rows)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}
