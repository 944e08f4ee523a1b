-- Rows put into quarantine by the newest run of each step, by reason.
SELECT quarantine.step, quarantine.reason, count(*) AS refused
FROM quarantine
JOIN newest ON newest.run_id = quarantine.run_id AND newest.step = quarantine.step
GROUP BY quarantine.step, quarantine.reason
ORDER BY refused DESC NULLS LAST, quarantine.step ASC NULLS FIRST, quarantine.reason ASC NULLS FIRST
LIMIT {{reasons}}
