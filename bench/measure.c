/*
 * measure.c - runs a command some times and prints the medians of its wall
 * time, its CPU time (user and system) and its peak memory, children counted.
 *
 * usage: measure RUNS OUT COMMAND [ARGUMENT...]
 *
 * Removes OUT before each run.  Prints "WALL_MS CPU_MS PEAK_KIB"; what the
 * command prints goes to stderr.  Ends with the command's status when it
 * fails.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 99 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	const double *p = a, *q = b;

	return (*p > *q) - (*p < *q);
}

static double median(double *value, int count)
{
	qsort(value, (size_t)count, sizeof(*value), compare);
	return count % 2 ? value[count / 2] :
			   (value[count / 2 - 1] + value[count / 2]) / 2;
}

static double cpu_ms(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1e3 +
	       (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e3;
}

int main(int argc, char **argv)
{
	static double wall[RUNS_MAX], cpu[RUNS_MAX], peak[RUNS_MAX];
	int runs = argc > 3 ? (int)strtol(argv[1], NULL, 10) : 0;

	if (runs < 1 || runs > RUNS_MAX)
		return 2;
	for (int i = 0; i < runs; i++) {
		struct rusage usage;
		double start = now_ms();
		int status;
		pid_t pid;

		unlink(argv[2]);
		pid = fork();
		if (pid == 0) {
			dup2(2, 1);
			execvp(argv[3], argv + 3);
			_exit(127);
		}
		if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
			return 1;
		if (!WIFEXITED(status) || WEXITSTATUS(status))
			return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
		wall[i] = now_ms() - start;
		cpu[i] = cpu_ms(&usage);
		peak[i] = (double)usage.ru_maxrss;
	}
	printf("%.1f %.1f %.0f\n", median(wall, runs), median(cpu, runs),
	       median(peak, runs));
	return 0;
}
