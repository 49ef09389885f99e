#include "engine/workbench/jobs/asked_texts.h"

namespace hearth::workbench {

void AskedTexts::ask(JobId job, std::string request) {
    const std::lock_guard lock(m_mutex);
    m_texts[job].request = std::move(request);
}

void AskedTexts::answer(JobId job, std::string result) {
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_texts.find(job); found != m_texts.end())
        found->second.result = std::move(result);
}

void AskedTexts::fill(Job& job) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_texts.find(job.id);
    job.request = found == m_texts.end() ? "{}" : found->second.request;
    job.result = found == m_texts.end() ? "{}" : found->second.result;
}

void AskedTexts::forget() {
    const std::lock_guard lock(m_mutex);
    m_texts.clear();
}

} // namespace hearth::workbench
