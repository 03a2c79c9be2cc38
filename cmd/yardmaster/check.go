package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
)

// checkReport is the result of check as JSON.
type checkReport struct {
	File     string           `json:"file"`
	OK       bool             `json:"ok"`
	Problems []config.Problem `json:"problems"`
	Omitted  int              `json:"omitted,omitempty"` // problems beyond those told
}

// newCheck reads a desk.yaml and says all that is wrong with it.
func newCheck(c *console) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check FILE",
		Short: "Say all that is wrong with a desk.yaml",
		Long: `Read FILE (- is standard input) as the engine would, and say all that is wrong with
it at once, each with its place and what would be right. Exit code 0 when it is
fine, 1 when there are problems, 2 when the file cannot be read.`,
		Example: "  yardmaster check desk.yaml\n  yardmaster check --json desk.yaml | jq -r '.problems[].message'",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE:    func(_ *cobra.Command, args []string) error { return c.check(args[0], asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func (c *console) check(path string, asJSON bool) error {
	desk, err := c.readDesk(path)
	var problems *config.Errors
	if err != nil && !errors.As(err, &problems) {
		return err
	}
	if problems == nil {
		return c.sound(path, desk, asJSON)
	}
	if asJSON {
		err = c.json(checkReport{File: path, Problems: problems.Problems, Omitted: problems.Omitted})
	} else {
		_, err = fmt.Fprint(c.out, problems.Text())
	}
	if err != nil {
		return err
	}
	return &fault{code: exitFindings}
}

func (c *console) sound(path string, desk *core.Config, asJSON bool) error {
	if asJSON {
		return c.json(checkReport{File: path, OK: true, Problems: []config.Problem{}})
	}
	_, err := fmt.Fprintf(c.out, "%s is fine: %d calendars, %d groups, %d agents, %d queues, %d rules, %d policies\n",
		path, len(desk.Calendars), len(desk.Groups), len(desk.Agents), len(desk.Queues), len(desk.Rules), len(desk.SLA.Policies))
	return err
}
