"""Four threads do what is submitted, in time; results are read and dropped."""

from concurrent.futures import ThreadPoolExecutor

from steady import rounds

pool = ThreadPoolExecutor(4)


def work(number):
    return [f"{number} {step}" for step in range(20)]


for number in rounds(60):
    jobs = [pool.submit(work, number + job) for job in range(4)]
    total = sum(len(job.result()) for job in jobs)
