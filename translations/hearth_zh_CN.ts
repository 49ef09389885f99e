<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>hearth::gui::AboutPage</name>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>A workbench for language models on your own machine.</source>
        <translation>在自己的电脑上运行语言模型的工作台。</translation>
    </message>
    <message>
        <source>Version %1 · free software under the GPL-3.0-or-later, without any warranty</source>
        <translation>版本 %1 · 自由软件，遵循 GPL-3.0-or-later 许可，不附带任何担保</translation>
    </message>
    <message>
        <source>What leaves this machine: nothing</source>
        <translation>离开这台电脑的内容：没有</translation>
    </message>
    <message>
        <source>Hearth opens a network connection only for what you ask of it, such as a download: models are computed here, chats are kept here, and nothing is counted or reported. A link in an answer is opened in your browser only after you agreed.</source>
        <translation>Hearth 只在您要求时（例如下载）才建立网络连接：模型在本机计算，对话保存在本机，不统计也不上报任何内容。回答中的链接只有在您同意后才会在浏览器中打开。</translation>
    </message>
    <message>
        <source>This installation</source>
        <translation>本机安装</translation>
    </message>
    <message>
        <source>Built on the work of</source>
        <translation>站在这些项目的肩上</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Instruction set</source>
        <translation>指令集</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>Qt</source>
        <translation>Qt</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>Log files</source>
        <translation>日志文件</translation>
    </message>
    <message>
        <source>%1 (never hold what you write or read)</source>
        <translation>%1（从不记录您写下或读到的内容）</translation>
    </message>
</context>
<context>
    <name>hearth::gui::AdministrationPage</name>
    <message>
        <source>Administration</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Rights</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Keys for programs</source>
        <translation>程序令牌</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>新建档案…</translation>
    </message>
</context>
<context>
    <name>hearth::gui::AnswerBody</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
</context>
<context>
    <name>hearth::gui::AnswerRow</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy this answer</source>
        <translation>复制这条回答</translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation>重新生成</translation>
    </message>
    <message>
        <source>Answer again, keeping this version</source>
        <translation>再答一次，保留现有版本</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Edit the message that was answered</source>
        <translation>编辑这条回答所对应的消息</translation>
    </message>
    <message>
        <source>Answer of %1</source>
        <translation>%1 的回答</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在阅读…</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 词元/秒</translation>
    </message>
    <message>
        <source>first token %1</source>
        <translation>首词 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n 词元</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>The context is full: the answer ends here.</source>
        <translation>上下文已满，回答到此为止。</translation>
    </message>
    <message>
        <source>The answer reached its longest allowed length.</source>
        <translation>回答已达到允许的最大长度。</translation>
    </message>
    <message>
        <source>The answer began to repeat itself and was ended.</source>
        <translation>回答开始自我重复，已被结束。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Copy answer</source>
        <translation>复制回答</translation>
    </message>
    <message>
        <source>Edit the question</source>
        <translation>编辑问题</translation>
    </message>
    <message numerus="yes">
        <source>The oldest %n message(s) did not fit the context and were not read for this answer.</source>
        <translation>
            <numerusform>最早的 %n 条消息放不进上下文，生成这条回答时没有读取。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::Application</name>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>硬件</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Write a readable file?</source>
        <translation>要写入可读的文件吗？</translation>
    </message>
    <message>
        <source>Your chats are encrypted; this file will not be. Everybody who gets it can read the chat.</source>
        <translation>您的对话是加密的，而此文件不会加密。任何得到它的人都能读到这段对话。</translation>
    </message>
    <message>
        <source>Write it</source>
        <translation>写入</translation>
    </message>
    <message>
        <source>Your profile has no chat page, so no model is opened.</source>
        <translation>您的档案没有对话页面，因此不打开模型。</translation>
    </message>
    <message>
        <source>%1 is neither a model (.gguf) nor chats that were exported (.json, .sealed).</source>
        <translation>%1 既不是模型（.gguf），也不是导出的对话（.json、.sealed）。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::AuditModel</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Calibration data</source>
        <translation>校准数据</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>档案</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Usage figures</source>
        <translation>使用统计</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Personal data</source>
        <translation>个人数据</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>viewed</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>created</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>used</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>served</source>
        <translation>提供服务</translation>
    </message>
    <message>
        <source>exported</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Sign-in with the recovery key</source>
        <translation>用恢复密钥登录</translation>
    </message>
    <message>
        <source>Sign-out</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Accounts opened</source>
        <translation>打开账户</translation>
    </message>
    <message>
        <source>Accounts accepted as they are</source>
        <translation>按现状接受账户</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>for example: Model used</comment>
        <translation>%1%2</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Nobody signed in</source>
        <translation>无人登录</translation>
    </message>
    <message>
        <source>Profile %1</source>
        <translation>档案 %1</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>谁</translation>
    </message>
    <message>
        <source>What</source>
        <translation>做了什么</translation>
    </message>
    <message>
        <source>About</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>By retention rules</source>
        <translation>按保留规则</translation>
    </message>
    <message>
        <source>A new breach</source>
        <translation>新的泄露事件</translation>
    </message>
    <message>
        <source>Who answers for this machine</source>
        <translation>本机的责任人</translation>
    </message>
    <message>
        <source>Put back from a backup</source>
        <translation>从备份恢复</translation>
    </message>
    <message>
        <source>Damaged file repaired</source>
        <translation>已修复损坏的文件</translation>
    </message>
    <message>
        <source>Damaged file set aside</source>
        <translation>已将损坏的文件移到一旁</translation>
    </message>
    <message>
        <source>Chats of the single person</source>
        <translation>单人模式的对话</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>来自文件</translation>
    </message>
    <message>
        <source>%1: disabled</source>
        <translation>%1：已停用</translation>
    </message>
    <message>
        <source>%1: may sign in again</source>
        <translation>%1：可以再次登录</translation>
    </message>
    <message>
        <source>%1: password taken away</source>
        <translation>%1：密码已取消</translation>
    </message>
    <message>
        <source>%1: new keys</source>
        <translation>%1：新的密钥</translation>
    </message>
    <message>
        <source>%1: password</source>
        <translation>%1：密码</translation>
    </message>
    <message>
        <source>%1: recovery key</source>
        <translation>%1：恢复密钥</translation>
    </message>
    <message>
        <source>%1 takes over the readable chats</source>
        <translation>%1 接管未加密的对话</translation>
    </message>
    <message>
        <source>%1: role %2</source>
        <translation>%1：角色 %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>whose key for programs, and what it is for</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>keeping chats</source>
        <translation>保存对话</translation>
    </message>
    <message>
        <source>accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>automatic backups</source>
        <translation>自动备份</translation>
    </message>
    <message>
        <source>usage figures</source>
        <translation>使用统计</translation>
    </message>
    <message>
        <source>Chats in the trash</source>
        <translation>回收站中的对话</translation>
    </message>
    <message>
        <source>Chats that nobody uses</source>
        <translation>无人使用的对话</translation>
    </message>
    <message>
        <source>Usage counts</source>
        <translation>使用计数</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Log files</source>
        <translation>日志文件</translation>
    </message>
    <message>
        <source>Measurements and run records</source>
        <translation>测量与运行记录</translation>
    </message>
    <message>
        <source>Records of finished jobs</source>
        <translation>已结束任务的记录</translation>
    </message>
    <message>
        <source>%1 · %2 · %3: %4</source>
        <comment>role, thing, action: how far</comment>
        <translation>%1 · %2 · %3：%4</translation>
    </message>
    <message>
        <source>%1 · %2: as the table says</source>
        <translation>%1 · %2：按权限表</translation>
    </message>
    <message numerus="yes">
        <source>%1 · %2: only %n that are ticked</source>
        <translation>
            <numerusform>%1 · %2：仅勾选的 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>Key %1 of %2</source>
        <translation>%2 的密钥 %1</translation>
    </message>
    <message>
        <source>Consent: %1</source>
        <translation>同意：%1</translation>
    </message>
    <message>
        <source>No consent: %1</source>
        <translation>不同意：%1</translation>
    </message>
    <message numerus="yes">
        <source>%1: kept for %n day(s)</source>
        <translation>
            <numerusform>%1：保留 %n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: kept without limit</source>
        <translation>%1：无限期保留</translation>
    </message>
    <message>
        <source>By retention rules: %1</source>
        <translation>按保存期限规则：%1</translation>
    </message>
    <message>
        <source>Breach %1</source>
        <translation>泄露事件 %1</translation>
    </message>
    <message>
        <source>Job %1 of %2</source>
        <translation>%2 的任务 %1</translation>
    </message>
    <message>
        <source>Week from %1, ε %2</source>
        <translation>从 %1 起的一周，ε %2</translation>
    </message>
    <message>
        <source>quantising</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>converting</source>
        <translation>转换</translation>
    </message>
    <message>
        <source>asking two versions</source>
        <translation>向两个版本提问</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Job %1 (%2) added: %3</source>
        <translation>任务 %1（%2）已添加：%3</translation>
    </message>
    <message>
        <source>Job %1 (%2) ended: %3</source>
        <translation>任务 %1（%2）已结束：%3</translation>
    </message>
    <message>
        <source>Server started</source>
        <translation>服务器已启动</translation>
    </message>
    <message>
        <source>Server stopped</source>
        <translation>服务器已停止</translation>
    </message>
    <message>
        <source>Call of the server</source>
        <translation>调用服务器</translation>
    </message>
    <message>
        <source>key %1</source>
        <translation>密钥 %1</translation>
    </message>
    <message>
        <source>the key of that run</source>
        <translation>当次运行的密钥</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>无密钥</translation>
    </message>
    <message>
        <source>%1 · server, %2 · %3</source>
        <comment>model, what was called, with which key</comment>
        <translation>%1 · 服务器，%2 · %3</translation>
    </message>
    <message>
        <source>At %1, with keys</source>
        <translation>地址 %1，需要密钥</translation>
    </message>
    <message>
        <source>At %1, without keys</source>
        <translation>地址 %1，不需要密钥</translation>
    </message>
    <message>
        <source>At %1</source>
        <translation>地址 %1</translation>
    </message>
    <message numerus="yes">
        <source>From %1, %n time(s)</source>
        <translation>
            <numerusform>来自 %1，%n 次</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::AuditPage</name>
    <message>
        <source>Everybody</source>
        <translation>所有人</translation>
    </message>
    <message>
        <source>The single person</source>
        <translation>单人模式</translation>
    </message>
    <message>
        <source>Nobody signed in</source>
        <translation>无人登录</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>刷新</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Looks for entries that were changed, removed, moved or cut off</source>
        <translation>查找被改动、删除、移动或截断的条目</translation>
    </message>
    <message>
        <source>Table (CSV)…</source>
        <translation>表格（CSV）…</translation>
    </message>
    <message>
        <source>Data (JSON)…</source>
        <translation>数据（JSON）…</translation>
    </message>
    <message>
        <source>What</source>
        <translation>做了什么</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部操作</translation>
    </message>
    <message>
        <source>Sign-in and sign-out</source>
        <translation>登录与退出</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>档案</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Personal data</source>
        <translation>个人数据</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>The log itself</source>
        <translation>日志本身</translation>
    </message>
    <message>
        <source>The accounts file</source>
        <translation>账户文件</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Any outcome</source>
        <translation>任何结果</translation>
    </message>
    <message>
        <source>When</source>
        <translation>何时</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任何时间</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>谁</translation>
    </message>
    <message>
        <source>Entries, newest first</source>
        <translation>条目，最新在前</translation>
    </message>
    <message numerus="yes">
        <source>%n entries. The log says who did what and when, never what was written.</source>
        <translation>
            <numerusform>%n 个条目。日志记录谁在何时做了什么，从不记录写了什么。</numerusform>
        </translation>
    </message>
    <message>
        <source>Checking every entry</source>
        <translation>正在检查每个条目</translation>
    </message>
    <message>
        <source>was changed</source>
        <translation>被改动</translation>
    </message>
    <message>
        <source>and perhaps following ones were removed</source>
        <translation>及其后可能的若干条目被删除</translation>
    </message>
    <message>
        <source>was not written by this installation</source>
        <translation>不是由本安装写入的</translation>
    </message>
    <message>
        <source>and all after it were cut off</source>
        <translation>及其后的所有条目被截断</translation>
    </message>
    <message>
        <source>The signed head of the log is gone: a cut tail would not show</source>
        <translation>日志的签名链头丢失：截断将无法发现</translation>
    </message>
    <message>
        <source>The head of the log was not signed by this installation</source>
        <translation>日志链头不是由本安装签名的</translation>
    </message>
    <message>
        <source>and later ones were added without the signed head</source>
        <translation>及其后的条目在没有签名链头的情况下被添加</translation>
    </message>
    <message>
        <source>Nothing was changed</source>
        <translation>没有任何改动</translation>
    </message>
    <message numerus="yes">
        <source>%n entries, none changed, none missing.</source>
        <translation>
            <numerusform>%n 个条目，无一被改动，无一缺失。</numerusform>
        </translation>
    </message>
    <message>
        <source>Last hash: %1</source>
        <translation>最后的散列值：%1</translation>
    </message>
    <message>
        <source>Entry %1 %2</source>
        <comment>for example: Entry 7 was changed</comment>
        <translation>条目 %1 %2</translation>
    </message>
    <message>
        <source>The log was changed</source>
        <translation>日志被改动过</translation>
    </message>
    <message numerus="yes">
        <source>%n problems were found.</source>
        <translation>
            <numerusform>发现 %n 个问题。</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep a copy of the data folder, and compare with a log that was exported earlier.</source>
        <translation>请保留数据文件夹的副本，并与先前导出的日志比较。</translation>
    </message>
    <message>
        <source>Export the audit log</source>
        <translation>导出审计日志</translation>
    </message>
    <message>
        <source>The log was written</source>
        <translation>日志已写入</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
</context>
<context>
    <name>hearth::gui::BackupsCard</name>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Copies of your chats: one a day for a week, then one a week for a month. They are readable, like the chats.</source>
        <translation>对话的副本：一周内每天一份，之后一个月内每周一份。与对话一样可读。</translation>
    </message>
    <message>
        <source>Copies of your chats, sealed with your own key: one a day for a week, then one a week for a month. Erasing you destroys them too.</source>
        <translation>对话的副本，用您自己的密钥加密：一周内每天一份，之后一个月内每周一份。抹除您时也会一并销毁。</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>There is no backup yet. The first one is made by itself.</source>
        <translation>还没有备份。第一份会自动生成。</translation>
    </message>
    <message>
        <source>Fewer</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>All backups</source>
        <translation>全部备份</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>Before a restore</source>
        <translation>恢复之前</translation>
    </message>
    <message>
        <source>Before an update</source>
        <translation>升级之前</translation>
    </message>
    <message>
        <source>Before sealing</source>
        <translation>加密之前</translation>
    </message>
    <message>
        <source>Sealed</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>Readable</source>
        <translation>可读</translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>恢复…</translation>
    </message>
    <message>
        <source>Remove this backup</source>
        <translation>删除此备份</translation>
    </message>
    <message>
        <source>Remove this backup?</source>
        <translation>删除此备份？</translation>
    </message>
    <message>
        <source>The copy of %1 is overwritten and removed.</source>
        <translation>%1 的副本将被覆写并删除。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message numerus="yes">
        <source>%n chats</source>
        <translation>
            <numerusform>%n 个对话</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n 条消息</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n in the trash</source>
        <translation>
            <numerusform>回收站中 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>from %1 to %2</source>
        <translation>从 %1 到 %2</translation>
    </message>
    <message>
        <source>The backup holds:</source>
        <translation>备份内容：</translation>
    </message>
    <message>
        <source>(no title)</source>
        <translation>（无标题）</translation>
    </message>
    <message>
        <source>It would replace:</source>
        <translation>将取代：</translation>
    </message>
    <message>
        <source>What is there now becomes a backup first.</source>
        <translation>现有内容会先成为一份备份。</translation>
    </message>
    <message>
        <source>The present chats cannot be read (%1). The damaged file is set aside, not deleted.</source>
        <translation>现有对话无法读取（%1）。损坏的文件会被移开，不会删除。</translation>
    </message>
    <message>
        <source>There are no chats now.</source>
        <translation>现在没有对话。</translation>
    </message>
    <message>
        <source>Put this backup back?</source>
        <translation>恢复此备份？</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>The backup was put back</source>
        <translation>备份已恢复</translation>
    </message>
    <message>
        <source>There is no backup.</source>
        <translation>没有备份。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::BiasList</name>
    <message>
        <source>Which token a text is depends on the model. Open one first, or give the token&apos;s number.</source>
        <translation>一段文字是哪个词元取决于模型。请先打开模型，或填写词元编号。</translation>
    </message>
    <message>
        <source>It is looked up when the answer is done.</source>
        <translation>回答完成后再查找。</translation>
    </message>
    <message>
        <source>The model has no token of this number.</source>
        <translation>模型没有这个编号的词元。</translation>
    </message>
    <message>
        <source>This text is no token.</source>
        <translation>这段文字不是词元。</translation>
    </message>
    <message numerus="yes">
        <source>This model reads that as %n token(s). Give one of them by its number: %1</source>
        <translation>
            <numerusform>这个模型把它读成 %n 个词元。请填写其中一个的编号：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>This token is in the list already.</source>
        <translation>这个词元已在列表中。</translation>
    </message>
    <message>
        <source>The list is full.</source>
        <translation>列表已满。</translation>
    </message>
    <message>
        <source>Token %1</source>
        <translation>词元 %1</translation>
    </message>
    <message>
        <source>Bias of single tokens</source>
        <translation>单个词元的偏置</translation>
    </message>
    <message>
        <source>Added to a token&apos;s value before one is drawn: −100 never says it, small numbers make it rarer or likelier. Give a text that is one token, &quot; so&quot; with its blank, or a number.</source>
        <translation>抽取之前加到该词元的数值上：−100 表示绝不使用，较小的数使它更少或更多出现。请填写恰为一个词元的文字（如带空格的 &quot; so&quot;），或词元编号。</translation>
    </message>
    <message>
        <source>Token or its number</source>
        <translation>词元或其编号</translation>
    </message>
</context>
<context>
    <name>hearth::gui::BreachCard</name>
    <message>
        <source>Breach log</source>
        <translation>泄露记录</translation>
    </message>
    <message>
        <source>Every breach of personal data is noted, also small ones (GDPR 33(5)). Where people are at risk the authority is told within 72 hours; Hearth counts them, telling is up to you.</source>
        <translation>每起个人数据泄露都要记录，小的也不例外（GDPR 第33条第5款）。若对个人有风险，须在 72 小时内通知监管机构；Hearth 负责计时，通知由您完成。</translation>
    </message>
    <message>
        <source>Note a breach…</source>
        <translation>记录泄露…</translation>
    </message>
    <message>
        <source>No breach was noted.</source>
        <translation>没有泄露记录。</translation>
    </message>
    <message>
        <source>Authority told in time</source>
        <translation>已按时通知监管机构</translation>
    </message>
    <message>
        <source>Authority told late</source>
        <translation>通知监管机构已逾期</translation>
    </message>
    <message>
        <source>Noted only</source>
        <translation>仅作记录</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已结案</translation>
    </message>
    <message numerus="yes">
        <source>%n hours late</source>
        <translation>
            <numerusform>逾期 %n 小时</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours left of 72</source>
        <translation>
            <numerusform>72 小时中还剩 %n 小时</numerusform>
        </translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
</context>
<context>
    <name>hearth::gui::BreachDialog</name>
    <message>
        <source>Breach of personal data</source>
        <translation>个人数据泄露</translation>
    </message>
    <message>
        <source>Unlikely: noted only</source>
        <translation>不太可能：仅作记录</translation>
    </message>
    <message>
        <source>Likely: the authority is told</source>
        <translation>可能：通知监管机构</translation>
    </message>
    <message>
        <source>High: the people are told too</source>
        <translation>高：同时通知本人</translation>
    </message>
    <message>
        <source>What</source>
        <translation>做了什么</translation>
    </message>
    <message>
        <source>Discovered</source>
        <translation>发现时间</translation>
    </message>
    <message>
        <source>People affected, about</source>
        <translation>受影响人数（约）</translation>
    </message>
    <message>
        <source>Risk for them</source>
        <translation>对他们的风险</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>事实</translation>
    </message>
    <message>
        <source>Effects</source>
        <translation>影响</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>采取的措施</translation>
    </message>
    <message>
        <source>Authority told</source>
        <translation>已通知监管机构</translation>
    </message>
    <message>
        <source>People told</source>
        <translation>已通知本人</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已结案</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>hearth::gui::CalibrationStep</name>
    <message>
        <source>A text to calibrate with</source>
        <translation>用于校准的文本</translation>
    </message>
    <message>
        <source>Texts (*.txt *.md);;All files (*)</source>
        <translation>文本 (*.txt *.md);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Importance of the weights</source>
        <translation>权重的重要性</translation>
    </message>
    <message>
        <source>The model reads a text, and weights that matter there are kept more exactly.</source>
        <translation>模型先读一段文本，在其中起作用的权重会保存得更精确。</translation>
    </message>
    <message>
        <source>The built-in text</source>
        <translation>内置文本</translation>
    </message>
    <message>
        <source>Neutral, English and Chinese: prose, code, dialogue, lists, numbers. Usually the best.</source>
        <translation>中性的中英文本：散文、代码、对话、列表、数字。通常是最好的选择。</translation>
    </message>
    <message>
        <source>A text of mine</source>
        <translation>自己的文本</translation>
    </message>
    <message>
        <source>For a model that is to do one kind of thing: a text of that kind, some ten pages long.</source>
        <translation>适合只做一类事情的模型：选一份同类文本，约十页即可。</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Faster, and enough for eight and six bits.</source>
        <translation>更快；对 8 位和 6 位已经足够。</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Compare afterwards</source>
        <translation>完成后比较</translation>
    </message>
    <message>
        <source>Perplexity, KL divergence, speed and memory of both, on a part of the built-in text that calibration does not read.</source>
        <translation>在校准没有读过的那部分内置文本上，测量两者的困惑度、KL 散度、速度和内存。</translation>
    </message>
    <message>
        <source>Measure source and result</source>
        <translation>测量源版本和结果</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatComposer</name>
    <message>
        <source>%1 / %2 tokens</source>
        <translation>%1 / %2 词元</translation>
    </message>
    <message>
        <source>Tokens of the whole conversation as it would be sent, of the model&apos;s context.</source>
        <translation>按即将发送的样子计算，整个对话占用的词元数与模型上下文之比。</translation>
    </message>
    <message>
        <source>Too long for the context by %1 tokens: the oldest turns will be left out. The system prompt stays.</source>
        <translation>超出上下文 %1 词元：将略去最早的几轮，系统提示词保留。</translation>
    </message>
    <message>
        <source>Too long for the context by %1 tokens. Shorten the message, or leave out the oldest turns.</source>
        <translation>超出上下文 %1 词元。请缩短消息，或略去最早的几轮。</translation>
    </message>
    <message>
        <source>%1 tokens are left; after that the oldest turns will be left out.</source>
        <translation>还剩 %1 词元；用完后将略去最早的几轮。</translation>
    </message>
    <message>
        <source>%1 tokens are left; the answer ends when the context is full.</source>
        <translation>还剩 %1 词元；上下文满时回答将结束。</translation>
    </message>
    <message>
        <source>Write a message. Enter sends, Shift+Enter breaks the line</source>
        <translation>输入消息，Enter 发送，Shift+Enter 换行</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Send message</source>
        <translation>发送消息</translation>
    </message>
    <message>
        <source>Stop  Esc</source>
        <translation>停止  Esc</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation>略去最早的几轮</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatDesk</name>
    <message>
        <source>Reading the conversation… %1 %</source>
        <translation>正在阅读对话… %1 %</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatExport</name>
    <message>
        <source>Markdown, what is on screen (*.md)</source>
        <translation>Markdown，当前显示的内容 (*.md)</translation>
    </message>
    <message>
        <source>Plain text, what is on screen (*.txt)</source>
        <translation>纯文本，当前显示的内容 (*.txt)</translation>
    </message>
    <message>
        <source>JSON, everything with all versions (*.json)</source>
        <translation>JSON，含所有版本的全部内容 (*.json)</translation>
    </message>
    <message>
        <source>Export this chat</source>
        <translation>导出本对话</translation>
    </message>
    <message>
        <source>Sealed with a password, everything (*.sealed)</source>
        <translation>用密码加密，含全部内容 (*.sealed)</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Exported chats (*.json *.sealed)</source>
        <translation>导出的对话 (*.json *.sealed)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatFindBar</name>
    <message>
        <source>%1 of %2</source>
        <translation>第 %1 处，共 %2 处</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>Find in this chat…</source>
        <translation>在本对话中查找…</translation>
    </message>
    <message>
        <source>Match before (Shift+Enter)</source>
        <translation>上一处（Shift+Enter）</translation>
    </message>
    <message>
        <source>Next match (Enter)</source>
        <translation>下一处（Enter）</translation>
    </message>
    <message>
        <source>End finding (Esc)</source>
        <translation>结束查找（Esc）</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatMessageView</name>
    <message>
        <source>Jump to the newest message</source>
        <translation>跳到最新消息</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatModelBar</name>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>%1 mapped · context %2</source>
        <translation>%1 已映射 · 上下文 %2</translation>
    </message>
    <message>
        <source>no chat template, so ChatML is used</source>
        <translation>无对话模板，使用 ChatML</translation>
    </message>
    <message>
        <source>Weights %1, conversation memory %2, buffers %3</source>
        <translation>权重 %1，对话缓存 %2，缓冲区 %3</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Model, loading %1</source>
        <translation>模型，正在加载 %1</translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation>模型：%1</translation>
    </message>
    <message>
        <source>No model is loaded. Choose a model</source>
        <translation>尚未加载模型，请选择模型</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>Reading the vocabulary</source>
        <translation>正在读取词表</translation>
    </message>
    <message>
        <source>Reading the file</source>
        <translation>正在读取文件</translation>
    </message>
    <message>
        <source>Preparing the weights</source>
        <translation>正在准备权重</translation>
    </message>
    <message>
        <source>%1 · %2 %</source>
        <translation>%1 · %2 %</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel loading</source>
        <translation>取消加载</translation>
    </message>
    <message>
        <source>Eject: free the model&apos;s memory</source>
        <translation>弹出：释放模型占用的内存</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatModelPopup</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Models that you open, and those in your model folders, will be listed here.</source>
        <translation>您打开过的模型和模型文件夹中的模型会列在这里。</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>打开模型文件…</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatPage</name>
    <message>
        <source>“%1” is in the trash.</source>
        <translation>“%1”已移到回收站。</translation>
    </message>
    <message>
        <source>“%1” is back among your chats.</source>
        <translation>“%1”已恢复到对话列表。</translation>
    </message>
    <message>
        <source>Choose another…</source>
        <translation>另选一个…</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>GGUF models (*.gguf)</source>
        <translation>GGUF 模型 (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Talk with a model on your own machine</source>
        <translation>与自己电脑上的模型对话</translation>
    </message>
    <message>
        <source>The model is being loaded. You can write your first message meanwhile.</source>
        <translation>模型正在加载，您可以先写下第一条消息。</translation>
    </message>
    <message>
        <source>Write your first message below. Nothing of it leaves this computer.</source>
        <translation>在下方写下第一条消息。内容不会离开这台电脑。</translation>
    </message>
    <message>
        <source>Open a model file (GGUF), or drop one anywhere on this window. Nothing that you write leaves this computer.</source>
        <translation>打开一个模型文件（GGUF），或把它拖到窗口的任意位置。您写下的内容不会离开这台电脑。</translation>
    </message>
    <message>
        <source>Open a model…</source>
        <translation>打开模型…</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Parameters of this chat</source>
        <translation>本对话的参数</translation>
    </message>
    <message>
        <source>The chat was written to %1.</source>
        <translation>对话已写入 %1。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export this chat to a file</source>
        <translation>把本对话导出为文件</translation>
    </message>
    <message>
        <source>Ask Hearth&apos;s small built-in helper</source>
        <translation>问问 Hearth 内置的小助手</translation>
    </message>
    <message>
        <source>The Guide is a very small model that comes with the program. It answers short questions about Hearth and about running models on your own machine, each on its own, and can be wrong. For everything else, open a model of your own above.</source>
        <translation>小向导是随程序自带的极小模型。它逐条回答有关 Hearth 和在本机运行模型的简短问题，也可能答错。其他事情请在上方打开您自己的模型。</translation>
    </message>
    <message>
        <source>“%1” was copied.</source>
        <translation>已复制“%1”。</translation>
    </message>
    <message>
        <source>Your chats are not protected yet</source>
        <translation>您的对话尚未受到保护</translation>
    </message>
    <message>
        <source>Everybody who can use this account of the computer can read them. A password encrypts them; it can be set at any time in the settings.</source>
        <translation>凡是能使用这个系统账户的人都能看到它们。设置密码后对话会加密；随时可以在设置中进行。</translation>
    </message>
    <message>
        <source>Protect my chats…</source>
        <translation>保护我的对话…</translation>
    </message>
    <message>
        <source>Seal the exported chat</source>
        <translation>加密导出的对话</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>导入对话</translation>
    </message>
    <message numerus="yes">
        <source>%n chat(s) were added.</source>
        <translation>
            <numerusform>已添加 %n 个对话。</numerusform>
        </translation>
    </message>
    <message>
        <source>The chat is back among your chats.</source>
        <translation>该对话已回到您的对话列表。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatParameters</name>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>How freely words are chosen. 0 always takes the likeliest; above 1 gets erratic.</source>
        <translation>选词的自由程度。0 总是取最可能的词；大于 1 会变得飘忽。</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Only the k likeliest tokens may be chosen. 0 = no limit.</source>
        <translation>只在最可能的 k 个词元中选。0 = 不限。</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Only the likeliest tokens that together reach this probability. 1 = no limit.</source>
        <translation>只在累计概率达到该值的最可能词元中选。1 = 不限。</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Tokens less likely than this share of the likeliest are left out. 0 = off.</source>
        <translation>概率低于最高概率的这一比例的词元被排除。0 = 关闭。</translation>
    </message>
    <message>
        <source>Typical-p</source>
        <translation>Typical-p</translation>
    </message>
    <message>
        <source>Prefers tokens of average surprise. 1 = off.</source>
        <translation>偏好意外程度居中的词元。1 = 关闭。</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Above 1 makes words that were just used less likely. 1 = off.</source>
        <translation>大于 1 时，刚用过的词更难再被选中。1 = 关闭。</translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation>频率惩罚</translation>
    </message>
    <message>
        <source>Grows with every use of a word. 0 = off.</source>
        <translation>一个词每多用一次就加重一分。0 = 关闭。</translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation>出现惩罚</translation>
    </message>
    <message>
        <source>The same for every word that was used at all. 0 = off.</source>
        <translation>凡是用过的词都受同样的惩罚。0 = 关闭。</translation>
    </message>
    <message>
        <source>Penalty window</source>
        <translation>惩罚窗口</translation>
    </message>
    <message>
        <source>How many of the last tokens the penalties look at. −1 = all.</source>
        <translation>惩罚回看最近多少个词元。−1 = 全部。</translation>
    </message>
    <message>
        <source>DRY</source>
        <translation>DRY</translation>
    </message>
    <message>
        <source>Holds back whole phrases that would repeat. 0 = off; 0.8 is usual.</source>
        <translation>抑制整句的重复。0 = 关闭；常用 0.8。</translation>
    </message>
    <message>
        <source>Parameters of this chat</source>
        <translation>本对话的参数</translation>
    </message>
    <message>
        <source>Close parameters</source>
        <translation>关闭参数</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>What the model should be told before the conversation. Empty = nothing.</source>
        <translation>对话开始前告诉模型的话。留空 = 没有。</translation>
    </message>
    <message>
        <source>Choosing words</source>
        <translation>选词</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>Longest answer, tokens</source>
        <translation>回答最长词元数</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>When the context is full</source>
        <translation>上下文已满时</translation>
    </message>
    <message>
        <source>Stop and say so</source>
        <translation>停止并说明</translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation>略去最早的几轮</translation>
    </message>
    <message>
        <source>The system prompt always stays. What is left out is said in the chat.</source>
        <translation>系统提示词始终保留；略去了什么会在对话中说明。</translation>
    </message>
    <message>
        <source>End answers that repeat without end</source>
        <translation>结束无休止重复的回答</translation>
    </message>
    <message>
        <source>Let the model reason first, where it can</source>
        <translation>让会思考的模型先思考</translation>
    </message>
    <message>
        <source>Reset to the usual values</source>
        <translation>恢复常用值</translation>
    </message>
    <message>
        <source>Hearth&apos;s small built-in Guide answers every question on its own, with the words it finds likeliest. What is set here counts with other models.</source>
        <translation>Hearth 内置的小向导逐条独立回答，总是取它认为最可能的文字。这里的设置对其他模型有效。</translation>
    </message>
    <message>
        <source>Mirostat 2</source>
        <translation>Mirostat 2</translation>
    </message>
    <message>
        <source>Keeps the text about equally surprising all along, in place of top-k, top-p, min-p and typical-p.</source>
        <translation>让文字的意外程度始终大致相同，取代 Top-k、Top-p、Min-p 和 Typical-p。</translation>
    </message>
    <message>
        <source>Mirostat target (tau)</source>
        <translation>Mirostat 目标（tau）</translation>
    </message>
    <message>
        <source>How surprising the text shall be on average, in bits. Low is focused, high is varied; 5 is usual.</source>
        <translation>文字平均的意外程度，以比特计。低则集中，高则多变；通常取 5。</translation>
    </message>
    <message>
        <source>Mirostat rate (eta)</source>
        <translation>Mirostat 速率（eta）</translation>
    </message>
    <message>
        <source>How fast it corrects itself after each token; 0.1 is usual.</source>
        <translation>每个词元之后自我修正的快慢；通常取 0.1。</translation>
    </message>
    <message>
        <source>DRY base</source>
        <translation>DRY 底数</translation>
    </message>
    <message>
        <source>How much harder each further token of a repeated phrase is held back; 1.75 is usual.</source>
        <translation>重复的短语每多一个词元，抑制加强多少；通常取 1.75。</translation>
    </message>
    <message>
        <source>DRY allowed length</source>
        <translation>DRY 允许长度</translation>
    </message>
    <message>
        <source>Phrases of up to this many tokens may repeat freely.</source>
        <translation>不超过这么多词元的短语可以随意重复。</translation>
    </message>
    <message>
        <source>DRY window</source>
        <translation>DRY 窗口</translation>
    </message>
    <message>
        <source>How many of the last tokens it looks for phrases in. −1 = all.</source>
        <translation>在最近多少个词元中查找重复的短语。−1 = 全部。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatQuestions</name>
    <message>
        <source>Delete for good</source>
        <translation>彻底删除</translation>
    </message>
    <message>
        <source>Delete “%1” with all its messages? This cannot be undone.</source>
        <translation>删除“%1”及其全部消息？此操作无法撤销。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Open this link?</source>
        <translation>打开这个链接？</translation>
    </message>
    <message>
        <source>The model wrote a link to this address. Opening it leaves Hearth:</source>
        <translation>模型写出了指向以下地址的链接。打开它将离开 Hearth：</translation>
    </message>
    <message>
        <source>The model wrote a link that Hearth does not open:</source>
        <translation>模型写出了 Hearth 不会打开的链接：</translation>
    </message>
    <message>
        <source>Open in browser</source>
        <translation>在浏览器中打开</translation>
    </message>
    <message>
        <source>This chat is in the trash</source>
        <translation>此对话在回收站中</translation>
    </message>
    <message>
        <source>Take it out of the trash and open it?</source>
        <translation>要将它移出回收站并打开吗？</translation>
    </message>
    <message>
        <source>Take “%1” out of the trash and open it?</source>
        <translation>要将“%1”移出回收站并打开吗？</translation>
    </message>
    <message>
        <source>Restore and open</source>
        <translation>恢复并打开</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatSidebar</name>
    <message>
        <source>Search the trash…</source>
        <translation>搜索回收站…</translation>
    </message>
    <message>
        <source>New chat (Ctrl+N)</source>
        <translation>新对话（Ctrl+N）</translation>
    </message>
    <message>
        <source>Chats in the trash</source>
        <translation>回收站中的对话</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Back to the chats</source>
        <translation>返回对话列表</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>No chat has this in its title.</source>
        <translation>没有标题含此内容的对话。</translation>
    </message>
    <message>
        <source>The trash is empty.</source>
        <translation>回收站是空的。</translation>
    </message>
    <message>
        <source>Your chats will be listed here.</source>
        <translation>您的对话会列在这里。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation>彻底删除…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Search chats…</source>
        <translation>搜索对话…</translation>
    </message>
    <message>
        <source>Import chats from a file…</source>
        <translation>从文件导入对话…</translation>
    </message>
    <message>
        <source>Places that were found</source>
        <translation>找到的位置</translation>
    </message>
    <message numerus="yes">
        <source>Still reading your chats: %n message(s) so far.</source>
        <translation>
            <numerusform>仍在读取对话：已读 %n 条消息。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The newest %n place(s):</source>
        <translation>
            <numerusform>最新的 %n 处：</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n place(s):</source>
        <translation>
            <numerusform>%n 处：</numerusform>
        </translation>
    </message>
    <message>
        <source>No chat has these words.</source>
        <translation>没有对话包含这些文字。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::CodeCard</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy this code</source>
        <translation>复制这段代码</translation>
    </message>
    <message>
        <source>Code, %1</source>
        <translation>代码，%1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::CompareCard</name>
    <message>
        <source>Close the comparison</source>
        <translation>关闭比较</translation>
    </message>
    <message>
        <source>This machine and another</source>
        <translation>本机与另一台机器</translation>
    </message>
    <message>
        <source>Signed here, unchanged</source>
        <translation>由本安装签名，未改动</translation>
    </message>
    <message>
        <source>Signed, unchanged</source>
        <translation>已签名，未改动</translation>
    </message>
    <message>
        <source>Changed after it was signed</source>
        <translation>签名后被改动</translation>
    </message>
    <message>
        <source>Not signed</source>
        <translation>未签名</translation>
    </message>
    <message>
        <source>key %1</source>
        <translation>密钥 %1</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>The other one</source>
        <translation>另一台</translation>
    </message>
    <message>
        <source>other ÷ this</source>
        <translation>另一台 ÷ 本机</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ConsentCard</name>
    <message>
        <source>What data is used for</source>
        <translation>数据的用途</translation>
    </message>
    <message>
        <source>Nothing leaves this machine. What you may refuse has a switch; it works at once.</source>
        <translation>任何数据都不会离开本机。可以拒绝的项目带有开关，立即生效。</translation>
    </message>
    <message>
        <source>Keeping chats</source>
        <translation>保存对话</translation>
    </message>
    <message>
        <source>So that they can be read and continued. You asked for it by chatting (GDPR 6(1)(b), PIPL 13(2)).</source>
        <translation>以便阅读和继续。您通过对话提出了这一要求（GDPR 第6条第1款(b)，《个人信息保护法》第13条第2项）。</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Names, roles and keys, to keep people&apos;s chats from each other (GDPR 6(1)(b)).</source>
        <translation>名称、角色和密钥，用于隔离各人的对话（GDPR 第6条第1款(b)）。</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>Who did what and when, never content; for security (GDPR 6(1)(f), PIPL 51).</source>
        <translation>谁在何时做了什么，从不含内容；用于安全（GDPR 第6条第1款(f)，《个人信息保护法》第51条）。</translation>
    </message>
    <message>
        <source>Automatic backups</source>
        <translation>自动备份</translation>
    </message>
    <message>
        <source>Copies once a day, sealed where there is a password. You may object (GDPR 21, PIPL 44); copies that were made stay until you remove them.</source>
        <translation>每天一份副本，有密码时加密。您可以反对（GDPR 第21条，《个人信息保护法》第44条）；已有副本保留到您删除为止。</translation>
    </message>
    <message>
        <source>Usage figures</source>
        <translation>使用统计</translation>
    </message>
    <message>
        <source>Being counted in differentially private figures for administrators. With your consent only (GDPR 6(1)(a), PIPL 13(1)); withdrawing it forgets your counts.</source>
        <translation>计入供管理员参考的差分隐私数字。仅在您同意时（GDPR 第6条第1款(a)，《个人信息保护法》第13条第1项）；撤回同意会删除您的计数。</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>必需</translation>
    </message>
    <message>
        <source>Since %1</source>
        <translation>自 %1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ConversationDelegate</name>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>This week</source>
        <translation>本周</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>更早</translation>
    </message>
    <message>
        <source>Untitled chat</source>
        <translation>未命名对话</translation>
    </message>
    <message numerus="yes">
        <source>%n message(s)</source>
        <translation>
            <numerusform>%n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>New title</source>
        <translation>新标题</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ConversationListModel</name>
    <message numerus="yes">
        <source>%1, %n message(s)</source>
        <translation>
            <numerusform>%1，%n 条消息</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::DataLocationModel</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>Keys and seals</source>
        <translation>密钥与封印</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Usage counts</source>
        <translation>使用计数</translation>
    </message>
    <message>
        <source>Consents and rules</source>
        <translation>同意与规则</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>测量结果</translation>
    </message>
    <message>
        <source>Technical log</source>
        <translation>技术日志</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>Set aside after damage</source>
        <translation>损坏后移开</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Lock or temporary file</source>
        <translation>锁或临时文件</translation>
    </message>
    <message>
        <source>Not from Hearth</source>
        <translation>非 Hearth 文件</translation>
    </message>
    <message>
        <source>Sealed</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>Readable</source>
        <translation>可读</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Protection</source>
        <translation>保护</translation>
    </message>
    <message>
        <source>Work of unfinished jobs</source>
        <translation>未完成任务的中间结果</translation>
    </message>
</context>
<context>
    <name>hearth::gui::DiscoverDetails</name>
    <message>
        <source>Reading the list of files…</source>
        <translation>正在读取文件列表…</translation>
    </message>
    <message>
        <source>terms to accept</source>
        <translation>需接受条款</translation>
    </message>
    <message>
        <source>private</source>
        <translation>私有</translation>
    </message>
    <message>
        <source>%1 downloads · from %2</source>
        <translation>下载 %1 次 · 来自 %2</translation>
    </message>
    <message>
        <source>The owner wants terms to be accepted first</source>
        <translation>所有者要求先接受条款</translation>
    </message>
    <message>
        <source>Files of this model are given only to people who have accepted its terms.</source>
        <translation>这个模型的文件只提供给已接受条款的人。</translation>
    </message>
    <message>
        <source>Open its page, accept the terms there, make a token on the hub and put it in under Hubs.</source>
        <translation>请打开它的网页接受条款，在站点上创建令牌，再填到“站点”中。</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) are left out because their names are not safe.</source>
        <translation>
            <numerusform>有 %n 个文件因名称不安全而略去。</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no GGUF file in this repository. Look for one with “GGUF” in its name, or convert the original with “hearthctl convert”.</source>
        <translation>这个仓库里没有 GGUF 文件。请找名称中带“GGUF”的仓库，或用“hearthctl convert”转换原始模型。</translation>
    </message>
    <message>
        <source>Put in a token…</source>
        <translation>填写令牌…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Downloaded</source>
        <translation>已下载</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>下载中</translation>
    </message>
    <message>
        <source>Download %1</source>
        <translation>下载 %1</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Open this address in the browser?</source>
        <translation>在浏览器中打开这个地址吗？</translation>
    </message>
    <message>
        <source>Choose a model at the left</source>
        <translation>请在左侧选择模型</translation>
    </message>
    <message>
        <source>Its files, what they need on this machine and what its makers say about it appear here.</source>
        <translation>这里会显示它的文件、在本机上的需求以及作者的说明。</translation>
    </message>
    <message>
        <source>Its page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>Opens the hub&apos;s page in the browser</source>
        <translation>在浏览器中打开站点上的网页</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>The same model, shrunk more or less. What fits comfortably and is largest is best.</source>
        <translation>同一个模型的不同压缩程度。在能宽裕运行的文件里，越大越好。</translation>
    </message>
    <message>
        <source>What its makers say</source>
        <translation>作者的说明</translation>
    </message>
</context>
<context>
    <name>hearth::gui::DiscoverDownloads</name>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Take off the list</source>
        <translation>移出列表</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel this download?</source>
        <translation>取消这个下载吗？</translation>
    </message>
    <message>
        <source>Cancel the download of %1?</source>
        <translation>取消下载 %1 吗？</translation>
    </message>
    <message>
        <source>The %1 that came so far are deleted.</source>
        <translation>已收到的 %1 会被删除。</translation>
    </message>
    <message>
        <source>Cancel the download</source>
        <translation>取消下载</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>No downloads</source>
        <translation>没有下载</translation>
    </message>
    <message>
        <source>Models that you fetch from a hub appear here, with everything that happens to them. They go on after a restart, too.</source>
        <translation>您从站点获取的模型及其进展会显示在这里。重新启动后也会继续。</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Every file is verified before it gets its name.</source>
        <translation>每个文件都先校验，再以正式名称出现。</translation>
    </message>
    <message>
        <source>Take finished ones off the list</source>
        <translation>把已完成的移出列表</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Chat with it</source>
        <translation>用它对话</translation>
    </message>
</context>
<context>
    <name>hearth::gui::DiscoverEndpoints</name>
    <message>
        <source>answers after %1</source>
        <translation>%1后应答</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
    <message>
        <source>measuring…</source>
        <translation>测量中…</translation>
    </message>
    <message>
        <source>Add a token…</source>
        <translation>添加令牌…</translation>
    </message>
    <message>
        <source>Change the token…</source>
        <translation>更改令牌…</translation>
    </message>
    <message>
        <source>Ask %1 earlier</source>
        <translation>更早询问 %1</translation>
    </message>
    <message>
        <source>Take %1 off the list</source>
        <translation>把 %1 移出列表</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Hubs</source>
        <translation>站点</translation>
    </message>
    <message>
        <source>The first one is searched first. When a download fails there, the others are asked for the very same file, told by its hash.</source>
        <translation>先在第一个站点搜索。那里下载失败时，会按哈希值向其他站点请求完全相同的文件。</translation>
    </message>
    <message>
        <source>Address of another hub, for example hf-mirror.com</source>
        <translation>其他站点的地址，例如 hf-mirror.com</translation>
    </message>
    <message>
        <source>Address of another hub</source>
        <translation>其他站点的地址</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Measure their speed</source>
        <translation>测量速度</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>As the system says</source>
        <translation>按系统设置</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>HTTP</source>
        <translation>HTTP</translation>
    </message>
    <message>
        <source>SOCKS 5</source>
        <translation>SOCKS 5</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>不限速</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>For everything that Hearth asks of hubs</source>
        <translation>用于 Hearth 对站点的所有请求</translation>
    </message>
    <message>
        <source>Proxy&apos;s address</source>
        <translation>代理地址</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Where the proxy wants one</source>
        <translation>如果代理需要</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Speed limit</source>
        <translation>限速</translation>
    </message>
    <message>
        <source>Of all downloads together</source>
        <translation>所有下载合计</translation>
    </message>
    <message>
        <source>It is kept encrypted, and only your password opens it.</source>
        <translation>它加密保存，只有您的密码能解开。</translation>
    </message>
    <message>
        <source>It is kept encrypted with a key that lies beside it in Hearth&apos;s folder, readable by your account of this computer only. With a profile, only your password would open it.</source>
        <translation>它加密保存，密钥就在旁边的 Hearth 文件夹里，只有您在这台电脑上的账户能读取。有了档案之后，只有您的密码才能解开它。</translation>
    </message>
    <message>
        <source>Kept encrypted with a key of this installation</source>
        <translation>用本次安装的密钥加密保存</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Your token for %1</source>
        <translation>您在 %1 的令牌</translation>
    </message>
    <message>
        <source>It is sent to this address only. An empty one takes it away.</source>
        <translation>它只会发送到这个地址。留空即删除。</translation>
    </message>
    <message>
        <source>Only administrators change this list, the proxy and the speed limit; tokens and the proxy&apos;s password are your own.</source>
        <translation>只有管理员能更改此列表、代理和限速；令牌和代理密码是您自己的。</translation>
    </message>
    <message>
        <source>Your own; kept encrypted, and only your password opens it</source>
        <translation>您自己的；加密保存，只有您的密码能解开</translation>
    </message>
</context>
<context>
    <name>hearth::gui::DiscoverPage</name>
    <message>
        <source>Discover</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Downloads (%1)</source>
        <translation>下载（%1）</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Hubs</source>
        <translation>站点</translation>
    </message>
</context>
<context>
    <name>hearth::gui::DiscoverSearch</name>
    <message>
        <source>Choose another hub…</source>
        <translation>换一个站点…</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>Searching for more…</source>
        <translation>正在查找更多…</translation>
    </message>
    <message>
        <source>Nothing was found. Fewer filters or other words may help.</source>
        <translation>没有找到。减少筛选条件或换个词也许有用。</translation>
    </message>
    <message>
        <source>Search for models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Models found</source>
        <translation>找到的模型</translation>
    </message>
    <message>
        <source>Hub</source>
        <translation>站点</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Most downloaded</source>
        <translation>下载最多</translation>
    </message>
    <message>
        <source>Most liked</source>
        <translation>点赞最多</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>最新</translation>
    </message>
    <message>
        <source>All families</source>
        <translation>所有家族</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>家族</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>规模</translation>
    </message>
    <message>
        <source>Any size</source>
        <translation>任意规模</translation>
    </message>
    <message>
        <source>up to 2 B</source>
        <translation>2 B 以下</translation>
    </message>
    <message>
        <source>2 to 5 B</source>
        <translation>2 至 5 B</translation>
    </message>
    <message>
        <source>5 to 10 B</source>
        <translation>5 至 10 B</translation>
    </message>
    <message>
        <source>10 to 35 B</source>
        <translation>10 至 35 B</translation>
    </message>
    <message>
        <source>over 35 B</source>
        <translation>35 B 以上</translation>
    </message>
    <message>
        <source>Any licence</source>
        <translation>任意许可证</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Only GGUF</source>
        <translation>仅 GGUF</translation>
    </message>
    <message>
        <source>Files that Hearth opens as they are</source>
        <translation>Hearth 可直接打开的文件</translation>
    </message>
</context>
<context>
    <name>hearth::gui::DiscoverWiring</name>
    <message>
        <source>Discover</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>%1 was downloaded and verified.</source>
        <translation>%1 已下载并通过校验。</translation>
    </message>
    <message>
        <source>Download finished</source>
        <translation>下载完成</translation>
    </message>
</context>
<context>
    <name>hearth::gui::Doorkeeper</name>
    <message>
        <source>There is no password that could be asked for. The settings offer to protect your chats.</source>
        <translation>还没有可供核对的密码。可在设置中选择保护您的对话。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::DownloadCard</name>
    <message>
        <source>Download speed</source>
        <translation>下载速度</translation>
    </message>
    <message>
        <source>Asks the address for at most 64 MB in at most 6 seconds and keeps nothing of it; predictions then say how long a model takes to arrive.</source>
        <translation>从该地址最多下载 64 MB、最长 6 秒，不保留任何内容；此后预测会给出模型下载所需的时间。</translation>
    </message>
    <message>
        <source>Address to download from</source>
        <translation>下载地址</translation>
    </message>
    <message>
        <source>Measure the download</source>
        <translation>测量下载</translation>
    </message>
    <message>
        <source>Downloads %1</source>
        <translation>下载 %1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::DownloadsCard</name>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Show all %1</source>
        <translation>全部显示（%1）</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
    <message>
        <source>needs %1 of memory</source>
        <translation>需要 %1 内存</translation>
    </message>
    <message>
        <source>Progress of %1</source>
        <translation>%1 的进度</translation>
    </message>
    <message>
        <source>Cancel the download of %1</source>
        <translation>取消下载 %1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::EntryList</name>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
</context>
<context>
    <name>hearth::gui::EnvironmentCard</name>
    <message>
        <source>Environment</source>
        <translation>环境检查</translation>
    </message>
    <message>
        <source>Checking what is installed…</source>
        <translation>正在检查已安装的软件…</translation>
    </message>
    <message>
        <source>What others need to run models. Hearth itself needs none of it; nothing is installed or changed.</source>
        <translation>其他程序运行模型所需的软件。Hearth 自己都不需要；这里不会安装或更改任何东西。</translation>
    </message>
    <message>
        <source>What to do here</source>
        <translation>本机该怎么做</translation>
    </message>
    <message>
        <source>What to do on %1</source>
        <translation>在 %1 上该怎么做</translation>
    </message>
    <message>
        <source>System that the advice is for</source>
        <translation>建议所针对的系统</translation>
    </message>
    <message>
        <source>software device</source>
        <translation>软件设备</translation>
    </message>
    <message>
        <source>GPU driver</source>
        <translation>显卡驱动</translation>
    </message>
</context>
<context>
    <name>hearth::gui::EraseDialog</name>
    <message>
        <source>Erase a person</source>
        <translation>抹除一个人的数据</translation>
    </message>
    <message>
        <source>The keys of %1 are destroyed first: from then on nobody can read their chats, backups included. Then their files and their name go. This cannot be undone. The audit log keeps their number.</source>
        <translation>首先销毁“%1”的密钥：从此任何人都无法读取其对话，备份也不例外；然后删除其文件和名字。此操作无法撤销。审计日志只保留其编号。</translation>
    </message>
    <message>
        <source>Type “%1” to confirm</source>
        <translation>输入“%1”以确认</translation>
    </message>
    <message>
        <source>Erasing…</source>
        <translation>正在抹除…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Erase for ever</source>
        <translation>永久抹除</translation>
    </message>
    <message>
        <source>Erase %1?</source>
        <translation>抹除“%1”？</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ErrorBox</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此提示</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ErrorText</name>
    <message>
        <source>This model file is damaged</source>
        <translation>这个模型文件已损坏</translation>
    </message>
    <message>
        <source>Its structure does not add up at byte {offset}. This happens when a download was cut short or a disk made an error.</source>
        <translation>文件结构在第 {offset} 字节处前后矛盾。下载中断或磁盘出错时会这样。</translation>
    </message>
    <message>
        <source>Download the file again, or compare its checksum with the one on the page it came from.</source>
        <translation>请重新下载文件，或与来源页面上的校验和比对。</translation>
    </message>
    <message>
        <source>This model file is incomplete</source>
        <translation>这个模型文件不完整</translation>
    </message>
    <message>
        <source>It ends early: what is announced at byte {offset} is not all there.</source>
        <translation>文件提前结束：第 {offset} 字节处声明的内容并不齐全。</translation>
    </message>
    <message>
        <source>The download was probably cut short. Download the file again.</source>
        <translation>下载多半中断了，请重新下载文件。</translation>
    </message>
    <message>
        <source>The model&apos;s vocabulary is damaged</source>
        <translation>模型的词表已损坏</translation>
    </message>
    <message>
        <source>The part of the file that turns text into tokens contradicts itself.</source>
        <translation>文件中把文字转换成词元的部分自相矛盾。</translation>
    </message>
    <message>
        <source>Download the model again; if that does not help, the file was converted wrongly, so take another conversion of the same model.</source>
        <translation>请重新下载模型；如果仍然不行，说明文件转换有误，请换用同一模型的另一个转换版本。</translation>
    </message>
    <message>
        <source>The model&apos;s vocabulary is of an unknown kind</source>
        <translation>不认识模型的词表类型</translation>
    </message>
    <message>
        <source>Hearth cannot split text into tokens the way this model expects.</source>
        <translation>Hearth 无法按这个模型要求的方式切分词元。</translation>
    </message>
    <message>
        <source>Take another conversion of the same model, or another model.</source>
        <translation>请换用同一模型的另一个转换版本，或换一个模型。</translation>
    </message>
    <message>
        <source>The text is too long</source>
        <translation>文本太长</translation>
    </message>
    <message>
        <source>It exceeds what can be turned into tokens at once.</source>
        <translation>超出了一次能转换成词元的长度。</translation>
    </message>
    <message>
        <source>Send it in several parts.</source>
        <translation>请分成几次发送。</translation>
    </message>
    <message>
        <source>The model&apos;s description does not add up</source>
        <translation>模型的描述信息有矛盾</translation>
    </message>
    <message>
        <source>The entry {key} of the file is missing or has a value that cannot be right.</source>
        <translation>文件中的条目 {key} 缺失，或取值不可能正确。</translation>
    </message>
    <message>
        <source>The file was converted wrongly or is damaged. Take another conversion of the same model.</source>
        <translation>文件转换有误或已损坏，请换用同一模型的另一个转换版本。</translation>
    </message>
    <message>
        <source>The chat history is damaged</source>
        <translation>对话记录已损坏</translation>
    </message>
    <message>
        <source>The database file cannot be read as a whole. Nothing in it has been changed.</source>
        <translation>数据库文件无法完整读取。其中的内容没有任何改动。</translation>
    </message>
    <message>
        <source>Restore a backup from the data folder, or start a new history; the damaged file is set aside, not deleted.</source>
        <translation>请从数据文件夹恢复备份，或开始新的记录；损坏的文件会被移到一旁，不会删除。</translation>
    </message>
    <message>
        <source>The history file is not Hearth&apos;s</source>
        <translation>记录文件不属于 Hearth</translation>
    </message>
    <message>
        <source>The file in the history&apos;s place belongs to another program. It has not been touched.</source>
        <translation>记录位置上的文件属于另一个程序，没有被改动。</translation>
    </message>
    <message>
        <source>Move it away from the data folder and start Hearth again.</source>
        <translation>请把它移出数据文件夹，再重新启动 Hearth。</translation>
    </message>
    <message>
        <source>The chat history cannot be opened</source>
        <translation>无法打开对话记录</translation>
    </message>
    <message>
        <source>The file or its folder cannot be read and written by you.</source>
        <translation>您没有读写该文件或其文件夹的权限。</translation>
    </message>
    <message>
        <source>Check the permissions of the data folder (Settings shows where it is).</source>
        <translation>请检查数据文件夹的权限（位置见“设置”）。</translation>
    </message>
    <message>
        <source>The memory ran out</source>
        <translation>内存用尽</translation>
    </message>
    <message>
        <source>The system gave no more memory while the model was at work.</source>
        <translation>模型工作时系统无法再提供内存。</translation>
    </message>
    <message>
        <source>Close other programs, choose a shorter context, or take a smaller model.</source>
        <translation>请关闭其他程序、选择更短的上下文，或换用更小的模型。</translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>There was no room left to write the file.</source>
        <translation>没有空间可以写入文件。</translation>
    </message>
    <message>
        <source>Free some space and try again. What was saved before is unharmed.</source>
        <translation>请腾出空间后重试。之前保存的内容完好无损。</translation>
    </message>
    <message>
        <source>Something inside Hearth went wrong</source>
        <translation>Hearth 内部出错</translation>
    </message>
    <message>
        <source>This is a mistake in the program, not in what you did.</source>
        <translation>这是程序的错误，不是您的操作造成的。</translation>
    </message>
    <message>
        <source>Try again. If it happens again, please report the code below.</source>
        <translation>请重试。如果再次出现，请报告下面的代码。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template failed</source>
        <translation>模型的对话模板出错</translation>
    </message>
    <message>
        <source>The model brings its own rules for writing a conversation, and they cannot be applied to this one.</source>
        <translation>模型自带书写对话的规则，但无法用于这个对话。</translation>
    </message>
    <message>
        <source>Start a new chat, change the system prompt, or take another conversion of the model.</source>
        <translation>请新建对话、修改系统提示词，或换用模型的另一个转换版本。</translation>
    </message>
    <message>
        <source>A parameter has a value that cannot be used</source>
        <translation>有参数的取值无法使用</translation>
    </message>
    <message>
        <source>The value given for {key} is outside of what is possible.</source>
        <translation>{key} 的取值超出了可能的范围。</translation>
    </message>
    <message>
        <source>Open the chat&apos;s parameters and set it back to its usual value.</source>
        <translation>请打开对话参数，把它恢复为常用值。</translation>
    </message>
    <message>
        <source>The settings file could not be read</source>
        <translation>设置文件无法读取</translation>
    </message>
    <message>
        <source>Its content is not what Hearth writes, so the usual settings are in use.</source>
        <translation>其内容不是 Hearth 写下的格式，因此使用默认设置。</translation>
    </message>
    <message>
        <source>A copy of the file is kept beside it before anything is overwritten.</source>
        <translation>在覆盖之前会在旁边保留一份副本。</translation>
    </message>
    <message>
        <source>One setting in the file was not usable</source>
        <translation>设置文件中有一项无法使用</translation>
    </message>
    <message>
        <source>The entry {key} has a value that cannot be used, so its usual value is in force.</source>
        <translation>条目 {key} 的取值无法使用，因此采用默认值。</translation>
    </message>
    <message>
        <source>Choose the value again on this page; it is saved at once.</source>
        <translation>请在本页重新选择，会立即保存。</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>You stopped this.</source>
        <translation>您停止了操作。</translation>
    </message>
    <message>
        <source>An answer is still being written</source>
        <translation>回答仍在生成</translation>
    </message>
    <message>
        <source>One answer is written at a time.</source>
        <translation>一次只生成一条回答。</translation>
    </message>
    <message>
        <source>Wait for it or stop it (Esc), then try again. Your text is still there.</source>
        <translation>请等待它完成或按 Esc 停止，然后重试。您输入的文字仍在。</translation>
    </message>
    <message>
        <source>The conversation no longer fits the context</source>
        <translation>对话已放不进上下文</translation>
    </message>
    <message>
        <source>It needs {needed_tokens:count} tokens; the model was opened with room for {context_tokens:count}.</source>
        <translation>需要 {needed_tokens:count} 词元；模型打开时的上下文为 {context_tokens:count}。</translation>
    </message>
    <message>
        <source>Open the model with a larger context, start a new chat, or let the oldest messages be left out (chat parameters).</source>
        <translation>请用更大的上下文打开模型、新建对话，或在对话参数中允许略去最早的消息。</translation>
    </message>
    <message>
        <source>Not enough memory for this model</source>
        <translation>内存不足以运行这个模型</translation>
    </message>
    <message>
        <source>It needs {needed_bytes:bytes}: {weights_bytes:bytes} for the weights, {kv_bytes:bytes} for the context and {buffer_bytes:bytes} for computing. Free: {available_bytes:bytes}.</source>
        <translation>需要 {needed_bytes:bytes}：权重 {weights_bytes:bytes}，上下文 {kv_bytes:bytes}，计算 {buffer_bytes:bytes}。可用：{available_bytes:bytes}。</translation>
    </message>
    <message>
        <source>The file is not there</source>
        <translation>文件不存在</translation>
    </message>
    <message>
        <source>{path} does not exist any more.</source>
        <translation>{path} 已不存在。</translation>
    </message>
    <message>
        <source>It may have been moved or its disk is not connected. Choose it again.</source>
        <translation>它可能被移动了，或所在磁盘未连接。请重新选择。</translation>
    </message>
    <message>
        <source>The file cannot be read</source>
        <translation>文件无法读取</translation>
    </message>
    <message>
        <source>{path} cannot be opened for reading.</source>
        <translation>无法打开 {path} 进行读取。</translation>
    </message>
    <message>
        <source>Check the file&apos;s permissions and that its disk is connected.</source>
        <translation>请检查文件权限以及磁盘是否已连接。</translation>
    </message>
    <message>
        <source>This is not a file</source>
        <translation>这不是文件</translation>
    </message>
    <message>
        <source>{path} is a folder, a device or something else.</source>
        <translation>{path} 是文件夹、设备或其他东西。</translation>
    </message>
    <message>
        <source>Choose a model file that ends in .gguf.</source>
        <translation>请选择以 .gguf 结尾的模型文件。</translation>
    </message>
    <message>
        <source>The file is empty</source>
        <translation>文件是空的</translation>
    </message>
    <message>
        <source>It holds 0 bytes.</source>
        <translation>其大小为 0 字节。</translation>
    </message>
    <message>
        <source>The download never began or was lost. Download the file again.</source>
        <translation>下载没有开始或已丢失，请重新下载文件。</translation>
    </message>
    <message>
        <source>The file cannot be mapped into memory</source>
        <translation>文件无法映射到内存</translation>
    </message>
    <message>
        <source>The system refused to map {path}.</source>
        <translation>系统拒绝映射 {path}。</translation>
    </message>
    <message>
        <source>Close other programs and try again.</source>
        <translation>请关闭其他程序后重试。</translation>
    </message>
    <message>
        <source>The file cannot be written</source>
        <translation>文件无法写入</translation>
    </message>
    <message>
        <source>{path} cannot be opened for writing.</source>
        <translation>无法打开 {path} 进行写入。</translation>
    </message>
    <message>
        <source>Check the permissions of the folder.</source>
        <translation>请检查文件夹的权限。</translation>
    </message>
    <message>
        <source>Writing failed</source>
        <translation>写入失败</translation>
    </message>
    <message>
        <source>{path} could not be written completely; the old content is unharmed.</source>
        <translation>{path} 未能完整写入；原有内容完好无损。</translation>
    </message>
    <message>
        <source>Check the disk and try again.</source>
        <translation>请检查磁盘后重试。</translation>
    </message>
    <message>
        <source>Hearth has no place to keep its data</source>
        <translation>Hearth 没有存放数据的位置</translation>
    </message>
    <message>
        <source>The folder {path} cannot be created or written.</source>
        <translation>文件夹 {path} 无法创建或写入。</translation>
    </message>
    <message>
        <source>Check its permissions, or start Hearth with --data-dir and a folder of yours.</source>
        <translation>请检查其权限，或用 --data-dir 指定您自己的文件夹来启动 Hearth。</translation>
    </message>
    <message>
        <source>This is not a GGUF model</source>
        <translation>这不是 GGUF 模型</translation>
    </message>
    <message>
        <source>The file does not begin like a GGUF file.</source>
        <translation>文件开头不符合 GGUF 格式。</translation>
    </message>
    <message>
        <source>Choose a file that ends in .gguf. Other formats have to be converted first.</source>
        <translation>请选择以 .gguf 结尾的文件。其他格式需要先转换。</translation>
    </message>
    <message>
        <source>This GGUF version is not supported</source>
        <translation>不支持这个 GGUF 版本</translation>
    </message>
    <message>
        <source>The file has a version that Hearth does not know; it reads versions 2 and 3.</source>
        <translation>文件的版本是 Hearth 不认识的；Hearth 能读取版本 2 和 3。</translation>
    </message>
    <message>
        <source>Take a newer conversion of the model.</source>
        <translation>请换用较新的转换版本。</translation>
    </message>
    <message>
        <source>This model was made for another kind of processor</source>
        <translation>这个模型是为另一类处理器制作的</translation>
    </message>
    <message>
        <source>Its numbers are stored in big-endian order.</source>
        <translation>其中的数字按大端序存储。</translation>
    </message>
    <message>
        <source>Take the usual (little-endian) file of the same model.</source>
        <translation>请换用同一模型的普通（小端序）文件。</translation>
    </message>
    <message>
        <source>A part of this model is missing</source>
        <translation>这个模型缺少一部分</translation>
    </message>
    <message>
        <source>The model comes in several files; {path} is not there.</source>
        <translation>模型由多个文件组成，其中 {path} 不存在。</translation>
    </message>
    <message>
        <source>Put all parts into one folder under their original names.</source>
        <translation>请把所有部分以原文件名放在同一个文件夹中。</translation>
    </message>
    <message>
        <source>The parts of this model do not belong together</source>
        <translation>这些文件不属于同一个模型</translation>
    </message>
    <message>
        <source>The files of the set contradict each other.</source>
        <translation>这一组文件互相矛盾。</translation>
    </message>
    <message>
        <source>Download all parts again from one place.</source>
        <translation>请从同一处重新下载全部文件。</translation>
    </message>
    <message>
        <source>This quantisation is not known</source>
        <translation>不认识这种量化方式</translation>
    </message>
    <message>
        <source>The file stores weights in a form that Hearth does not know.</source>
        <translation>文件以 Hearth 不认识的形式存储权重。</translation>
    </message>
    <message>
        <source>Take another quantisation of the model, for example Q4_K_M or Q8_0.</source>
        <translation>请换用模型的另一种量化，例如 Q4_K_M 或 Q8_0。</translation>
    </message>
    <message>
        <source>This kind of model is not supported</source>
        <translation>不支持这类模型</translation>
    </message>
    <message>
        <source>Its architecture is &quot;{family}&quot;; Hearth runs {supported}.</source>
        <translation>它的架构是“{family}”；Hearth 能运行 {supported}。</translation>
    </message>
    <message>
        <source>Choose a model of one of these families.</source>
        <translation>请选择属于这些系列的模型。</translation>
    </message>
    <message>
        <source>This quantisation cannot be run</source>
        <translation>无法运行这种量化</translation>
    </message>
    <message>
        <source>The tensor {tensor} is stored as {type}, which Hearth cannot compute with.</source>
        <translation>张量 {tensor} 以 {type} 存储，Hearth 无法用它计算。</translation>
    </message>
    <message>
        <source>A part of the model is missing</source>
        <translation>模型缺少一部分</translation>
    </message>
    <message>
        <source>The file has no tensor {tensor}.</source>
        <translation>文件中没有张量 {tensor}。</translation>
    </message>
    <message>
        <source>The file was converted wrongly or cut. Take another conversion of the same model.</source>
        <translation>文件转换有误或被截断，请换用同一模型的另一个转换版本。</translation>
    </message>
    <message>
        <source>A part of the model has the wrong size</source>
        <translation>模型有一部分大小不对</translation>
    </message>
    <message>
        <source>The tensor {tensor} does not have the shape that the file&apos;s description asks for.</source>
        <translation>张量 {tensor} 的形状与文件描述不符。</translation>
    </message>
    <message>
        <source>The file was converted wrongly. Take another conversion of the same model.</source>
        <translation>文件转换有误，请换用同一模型的另一个转换版本。</translation>
    </message>
    <message>
        <source>A part of the model is stored in a form that Hearth cannot compute with.</source>
        <translation>模型有一部分以 Hearth 无法计算的形式存储。</translation>
    </message>
    <message>
        <source>HEARTH_ISA names no instruction set</source>
        <translation>HEARTH_ISA 指定的不是指令集</translation>
    </message>
    <message>
        <source>The environment variable HEARTH_ISA is set to a value that Hearth does not know.</source>
        <translation>环境变量 HEARTH_ISA 的值是 Hearth 不认识的。</translation>
    </message>
    <message>
        <source>Remove the variable, or set it to generic, avx2 or avx512.</source>
        <translation>请删除该变量，或设为 generic、avx2 或 avx512。</translation>
    </message>
    <message>
        <source>This processor lacks the chosen instruction set</source>
        <translation>处理器没有所选的指令集</translation>
    </message>
    <message>
        <source>The environment variable HEARTH_ISA asks for instructions that this machine does not have.</source>
        <translation>环境变量 HEARTH_ISA 要求的指令这台电脑没有。</translation>
    </message>
    <message>
        <source>Remove the variable; Hearth then takes the best there is.</source>
        <translation>请删除该变量，Hearth 会自动选用最好的指令集。</translation>
    </message>
    <message>
        <source>The model has no vocabulary</source>
        <translation>模型没有词表</translation>
    </message>
    <message>
        <source>The file holds weights but nothing to turn text into tokens.</source>
        <translation>文件中有权重，但没有把文字转换成词元的内容。</translation>
    </message>
    <message>
        <source>Take another conversion of the same model.</source>
        <translation>请换用同一模型的另一个转换版本。</translation>
    </message>
    <message>
        <source>The model cannot read this text</source>
        <translation>模型无法读取这段文字</translation>
    </message>
    <message>
        <source>Its vocabulary has no token for some of the characters.</source>
        <translation>它的词表中没有其中某些字符对应的词元。</translation>
    </message>
    <message>
        <source>Leave the unusual characters out, or take another model.</source>
        <translation>请去掉不常见的字符，或换一个模型。</translation>
    </message>
    <message>
        <source>The text or vocabulary is too large</source>
        <translation>文本或词表太大</translation>
    </message>
    <message>
        <source>It exceeds what Hearth takes in at once.</source>
        <translation>超出了 Hearth 一次能接受的大小。</translation>
    </message>
    <message>
        <source>Shorten the text.</source>
        <translation>请缩短文本。</translation>
    </message>
    <message>
        <source>The text is not valid Unicode</source>
        <translation>文本不是有效的 Unicode</translation>
    </message>
    <message>
        <source>Its bytes are wrong at position {offset}.</source>
        <translation>第 {offset} 字节处有误。</translation>
    </message>
    <message>
        <source>Copy the text again from its source.</source>
        <translation>请从来源重新复制文本。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template does not come to an end</source>
        <translation>模型的对话模板没有终点</translation>
    </message>
    <message>
        <source>It was stopped because it used too many steps, too much text or too much time.</source>
        <translation>它占用了太多步骤、文本或时间，已被停止。</translation>
    </message>
    <message>
        <source>Take another conversion of the model.</source>
        <translation>请换用模型的另一个转换版本。</translation>
    </message>
    <message>
        <source>A stop text is empty</source>
        <translation>有停止文本为空</translation>
    </message>
    <message>
        <source>An empty stop text would end every answer at once.</source>
        <translation>空的停止文本会让每条回答立即结束。</translation>
    </message>
    <message>
        <source>Remove it from the chat&apos;s parameters.</source>
        <translation>请在对话参数中删除它。</translation>
    </message>
    <message>
        <source>A stop text is too long</source>
        <translation>有停止文本太长</translation>
    </message>
    <message>
        <source>Stop texts have to be short to be found while text streams.</source>
        <translation>停止文本要足够短，才能在流式输出中识别。</translation>
    </message>
    <message>
        <source>Shorten it in the chat&apos;s parameters.</source>
        <translation>请在对话参数中缩短它。</translation>
    </message>
    <message>
        <source>There are too many stop texts</source>
        <translation>停止文本太多</translation>
    </message>
    <message>
        <source>More are given than can be watched for at once.</source>
        <translation>数量超过了能同时监视的上限。</translation>
    </message>
    <message>
        <source>Remove some in the chat&apos;s parameters.</source>
        <translation>请在对话参数中删除一些。</translation>
    </message>
    <message>
        <source>No word was left to choose from</source>
        <translation>没有可选的词了</translation>
    </message>
    <message>
        <source>The chat&apos;s sampling parameters exclude every possible next token, or the model computed no usable numbers.</source>
        <translation>对话的采样参数排除了所有可能的下一个词元，或模型没有算出可用的数值。</translation>
    </message>
    <message>
        <source>Set the parameters back to their usual values; if it stays, the model file is damaged.</source>
        <translation>请把参数恢复为常用值；如果仍然如此，说明模型文件已损坏。</translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation>没有打开的模型</translation>
    </message>
    <message>
        <source>An answer needs a model in memory.</source>
        <translation>要生成回答，内存中需要有模型。</translation>
    </message>
    <message>
        <source>Open a model with the button above the chat, or drop a .gguf file on the window.</source>
        <translation>请用对话上方的按钮打开模型，或把 .gguf 文件拖到窗口上。</translation>
    </message>
    <message>
        <source>The history was written by a newer Hearth</source>
        <translation>记录由更新版本的 Hearth 写成</translation>
    </message>
    <message>
        <source>It has format {found}; this version knows formats up to {known}. Nothing has been changed.</source>
        <translation>其格式为 {found}；本版本最高支持 {known}。没有任何改动。</translation>
    </message>
    <message>
        <source>Install the newer version, or start with another data folder.</source>
        <translation>请安装更新的版本，或用另一个数据文件夹启动。</translation>
    </message>
    <message>
        <source>The history is in use</source>
        <translation>记录正被占用</translation>
    </message>
    <message>
        <source>Another program is holding the database.</source>
        <translation>另一个程序正占用数据库。</translation>
    </message>
    <message>
        <source>Close other copies of Hearth or hearthctl and try again.</source>
        <translation>请关闭其他 Hearth 或 hearthctl 后重试。</translation>
    </message>
    <message>
        <source>The disk reported an error</source>
        <translation>磁盘报告了错误</translation>
    </message>
    <message>
        <source>The history could not be read or written.</source>
        <translation>无法读写对话记录。</translation>
    </message>
    <message>
        <source>Check the disk. Copy the data folder to a safe place.</source>
        <translation>请检查磁盘，并把数据文件夹复制到安全的地方。</translation>
    </message>
    <message>
        <source>The backup before the update failed</source>
        <translation>更新前的备份失败</translation>
    </message>
    <message>
        <source>The history was not updated because its backup could not be written. It is unchanged.</source>
        <translation>由于无法写入备份，记录没有更新，保持原样。</translation>
    </message>
    <message>
        <source>Check the free space and the permissions of the data folder.</source>
        <translation>请检查可用空间和数据文件夹的权限。</translation>
    </message>
    <message>
        <source>The history could not be updated</source>
        <translation>记录无法更新</translation>
    </message>
    <message>
        <source>It is unchanged, and a backup lies beside it.</source>
        <translation>记录保持原样，旁边有一份备份。</translation>
    </message>
    <message>
        <source>Please report the code below.</source>
        <translation>请报告下面的代码。</translation>
    </message>
    <message>
        <source>This is no longer in the history</source>
        <translation>它已不在记录中</translation>
    </message>
    <message>
        <source>It may have been deleted in another window.</source>
        <translation>可能已在别处删除。</translation>
    </message>
    <message>
        <source>Choose another conversation.</source>
        <translation>请选择其他对话。</translation>
    </message>
    <message>
        <source>There is no further version</source>
        <translation>没有更多版本</translation>
    </message>
    <message>
        <source>This message has no neighbour in that direction.</source>
        <translation>这条消息在该方向没有其他版本。</translation>
    </message>
    <message>
        <source>A single message cannot be that large.</source>
        <translation>单条消息不能这么大。</translation>
    </message>
    <message>
        <source>Split it into several messages.</source>
        <translation>请拆成几条消息。</translation>
    </message>
    <message>
        <source>The history could not be read for lack of memory.</source>
        <translation>内存不足，无法读取记录。</translation>
    </message>
    <message>
        <source>The settings file cannot be read</source>
        <translation>设置文件无法读取</translation>
    </message>
    <message>
        <source>The usual settings are in use.</source>
        <translation>正在使用默认设置。</translation>
    </message>
    <message>
        <source>Check the permissions of the file.</source>
        <translation>请检查文件的权限。</translation>
    </message>
    <message>
        <source>The settings file was edited by another program</source>
        <translation>设置文件被其他程序编辑过</translation>
    </message>
    <message>
        <source>It begins with a byte-order mark, which was ignored.</source>
        <translation>文件开头有字节顺序标记，已忽略。</translation>
    </message>
    <message>
        <source>The settings were written by a newer Hearth</source>
        <translation>设置由更新版本的 Hearth 写成</translation>
    </message>
    <message>
        <source>What this version knows is in use; the rest is kept in the file.</source>
        <translation>本版本认识的部分已生效，其余保留在文件中。</translation>
    </message>
    <message>
        <source>The settings file has an entry that is not known</source>
        <translation>设置文件中有不认识的条目</translation>
    </message>
    <message>
        <source>{key} means nothing to this version; it is kept in the file.</source>
        <translation>本版本不认识 {key}，它会保留在文件中。</translation>
    </message>
    <message>
        <source>The settings file has an entry twice</source>
        <translation>设置文件中有重复的条目</translation>
    </message>
    <message>
        <source>{key} stands there more than once; the first counts.</source>
        <translation>{key} 出现不止一次，以第一个为准。</translation>
    </message>
    <message>
        <source>One setting in the file was out of range</source>
        <translation>设置文件中有一项超出范围</translation>
    </message>
    <message>
        <source>{key} was {value}; possible are {min} to {max}. Its usual value is in force.</source>
        <translation>{key} 的值是 {value}；可用范围为 {min} 到 {max}。已采用默认值。</translation>
    </message>
    <message>
        <source>The settings were not saved</source>
        <translation>设置没有保存</translation>
    </message>
    <message>
        <source>The old file has something wrong with it, and a safe copy of it could not be made first.</source>
        <translation>旧文件有问题，而且无法先为它保留副本。</translation>
    </message>
    <message>
        <source>Check the free space and the permissions of the configuration folder.</source>
        <translation>请检查可用空间和配置文件夹的权限。</translation>
    </message>
    <message>
        <source>Another copy of Hearth is writing them at this moment.</source>
        <translation>另一个 Hearth 正在写入设置。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>This did not work</source>
        <translation>操作没有成功</translation>
    </message>
    <message>
        <source>The model&apos;s chat template refuses this conversation</source>
        <translation>模型的对话模板拒绝了这个对话</translation>
    </message>
    <message>
        <source>It says: {detail}</source>
        <translation>它的说明：{detail}</translation>
    </message>
    <message>
        <source>Change or remove the system prompt, or start a new chat.</source>
        <translation>请修改或删除系统提示词，或新建对话。</translation>
    </message>
    <message>
        <source>Close other programs, choose a shorter context or the 8 bit context precision in Settings, or take a smaller quantisation of the model.</source>
        <translation>请关闭其他程序，在“设置”中选择更短的上下文或 8 位上下文精度，或换用更小的量化版本。</translation>
    </message>
    <message>
        <source>The built-in helper is missing</source>
        <translation>缺少内置的小助手</translation>
    </message>
    <message>
        <source>Hearth looked for its small Guide at {path}.</source>
        <translation>Hearth 在 {path} 没有找到自带的小向导。</translation>
    </message>
    <message>
        <source>Build or install Hearth completely, or open a model of your own.</source>
        <translation>请完整编译或安装 Hearth，或者打开您自己的模型。</translation>
    </message>
    <message>
        <source>The earlier measurements cannot be read</source>
        <translation>以往的测量读不出来</translation>
    </message>
    <message>
        <source>The file measurements.json in the data folder is damaged.</source>
        <translation>数据文件夹中的 measurements.json 已损坏。</translation>
    </message>
    <message>
        <source>Move it away; the next measurement starts a new one.</source>
        <translation>请把它移走；下次测量会新建一个。</translation>
    </message>
    <message>
        <source>The record of real speeds cannot be read</source>
        <translation>实际速度的记录读不出来</translation>
    </message>
    <message>
        <source>The file runs.json in the data folder is damaged.</source>
        <translation>数据文件夹中的 runs.json 已损坏。</translation>
    </message>
    <message>
        <source>Move it away; a new one is started.</source>
        <translation>请把它移走；会新建一个。</translation>
    </message>
    <message>
        <source>The list of models cannot be read</source>
        <translation>模型目录读不出来</translation>
    </message>
    <message>
        <source>The list of models is too new</source>
        <translation>模型目录版本太新</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>请换一个名字。</translation>
    </message>
    <message>
        <source>The accounts were changed outside of Hearth</source>
        <translation>账户在 Hearth 之外被改动过</translation>
    </message>
    <message>
        <source>Their seal does not fit: profiles, roles or rights were edited, added or deleted by other means. Nobody is let in on that ground, and nothing was changed.</source>
        <translation>封印不符：档案、角色或权限被其他途径修改、添加或删除过。因此不允许任何人进入，也没有做任何改动。</translation>
    </message>
    <message>
        <source>Put the right files back. If you did it yourself and know why, an administrator can take them as they are.</source>
        <translation>请放回正确的文件。如果是您自己改动的并且清楚原因，可由其中的管理员按现状接受。</translation>
    </message>
    <message>
        <source>The seal of the accounts is missing or damaged</source>
        <translation>账户的封印缺失或损坏</translation>
    </message>
    <message>
        <source>The file that says which state of the accounts is the newest cannot be used.</source>
        <translation>记录账户最新状态的文件无法使用。</translation>
    </message>
    <message>
        <source>Put the folder “seals” back from a copy. If it is gone, an administrator can take the accounts as they are.</source>
        <translation>请从副本恢复“seals”文件夹。如果已经丢失，可由管理员按现状接受这些账户。</translation>
    </message>
    <message>
        <source>This key for programs opens nothing</source>
        <translation>此程序令牌无效</translation>
    </message>
    <message>
        <source>It was mistyped, it has expired, or it was ended.</source>
        <translation>可能输入有误、已经过期，或已被停用。</translation>
    </message>
    <message>
        <source>Make a new key and give it to the program.</source>
        <translation>请新建一个令牌并提供给该程序。</translation>
    </message>
    <message>
        <source>Something sealed could not be opened</source>
        <translation>有加密内容无法打开</translation>
    </message>
    <message>
        <source>It was changed, damaged, or sealed with another key. Nothing of it was used.</source>
        <translation>它被改动过、已损坏，或由另一个密钥加密。其内容没有被使用。</translation>
    </message>
    <message>
        <source>Restore it from a backup. If the disk may be failing, copy the data folder to a safe place first.</source>
        <translation>请从备份恢复。如果磁盘可能有故障，请先把数据文件夹复制到安全的地方。</translation>
    </message>
    <message>
        <source>This is not a sealed file of Hearth</source>
        <translation>这不是 Hearth 的加密文件</translation>
    </message>
    <message>
        <source>Its beginning is not what Hearth writes, or it was written by a newer version.</source>
        <translation>文件开头不是 Hearth 写入的格式，或由更新的版本写入。</translation>
    </message>
    <message>
        <source>Choose another file, or install the newest version.</source>
        <translation>请选择其他文件，或安装最新版本。</translation>
    </message>
    <message>
        <source>The key of this installation cannot be used</source>
        <translation>本机安装的密钥无法使用</translation>
    </message>
    <message>
        <source>The file seals/signing.key in the settings folder is damaged, or others can read it.</source>
        <translation>设置文件夹中的 seals/signing.key 已损坏，或可被其他人读取。</translation>
    </message>
    <message>
        <source>Put it back from a copy, readable for you alone. Without it the seals of accounts and audit log cannot be checked.</source>
        <translation>请从副本恢复，并设为仅您可读。没有它就无法核对账户与审计日志的封印。</translation>
    </message>
    <message>
        <source>The cryptographic library failed</source>
        <translation>加密库出错</translation>
    </message>
    <message>
        <source>It did not do what it was asked to. Nothing was written.</source>
        <translation>它没有完成所要求的操作。没有写入任何内容。</translation>
    </message>
    <message>
        <source>The audit log was changed</source>
        <translation>审计日志被改动过</translation>
    </message>
    <message>
        <source>Entries were edited, deleted, moved or cut off by other means, or its signed head does not fit. {detail}</source>
        <translation>记录被其他途径修改、删除、移动或截断，或其签名的头部不符。{detail}</translation>
    </message>
    <message>
        <source>Verify the log to see which entries, and keep a copy of the files before anything else happens.</source>
        <translation>请核验日志以查明是哪些记录，并在进行其他操作前保留文件副本。</translation>
    </message>
    <message>
        <source>Your profile may not do this</source>
        <translation>您的档案无权这样做</translation>
    </message>
    <message>
        <source>Its role does not include it, or access to this model is limited to others.</source>
        <translation>所属角色不包含此权限，或此模型只允许其他人使用。</translation>
    </message>
    <message>
        <source>An administrator can change roles, rights and access to models.</source>
        <translation>管理员可以更改角色、权限和模型的使用范围。</translation>
    </message>
    <message>
        <source>Nobody is signed in</source>
        <translation>无人登录</translation>
    </message>
    <message>
        <source>This needs somebody who is signed in.</source>
        <translation>此操作需要有人登录。</translation>
    </message>
    <message>
        <source>Sign in and try again.</source>
        <translation>请登录后再试。</translation>
    </message>
    <message>
        <source>Wrong password</source>
        <translation>密码错误</translation>
    </message>
    <message>
        <source>The password does not fit this profile.</source>
        <translation>密码与此档案不符。</translation>
    </message>
    <message>
        <source>Look at the keyboard layout and Caps Lock. A forgotten password can be replaced with the recovery key.</source>
        <translation>请检查键盘布局和大写锁定。忘记的密码可以用恢复密钥重新设置。</translation>
    </message>
    <message>
        <source>Too many wrong tries</source>
        <translation>错误次数过多</translation>
    </message>
    <message>
        <source>The next try for this profile is possible in {seconds} seconds.</source>
        <translation>此档案要在 {seconds} 秒后才能再试。</translation>
    </message>
    <message>
        <source>Each further wrong try makes the wait longer, up to 15 minutes.</source>
        <translation>每多错一次，等待就更久，最长 15 分钟。</translation>
    </message>
    <message>
        <source>This profile is disabled</source>
        <translation>此档案已停用</translation>
    </message>
    <message>
        <source>An administrator has kept it from signing in.</source>
        <translation>管理员已禁止它登录。</translation>
    </message>
    <message>
        <source>Ask an administrator. Nothing of the profile is lost.</source>
        <translation>请询问管理员。档案的内容没有丢失。</translation>
    </message>
    <message>
        <source>This profile has no password now</source>
        <translation>此档案目前没有密码</translation>
    </message>
    <message>
        <source>An administrator took it away after it was forgotten.</source>
        <translation>密码被忘记后，管理员将其取消。</translation>
    </message>
    <message>
        <source>Sign in with the recovery key, then choose a new password.</source>
        <translation>请用恢复密钥登录，然后设置新密码。</translation>
    </message>
    <message>
        <source>This is not a whole recovery key</source>
        <translation>恢复密钥不完整</translation>
    </message>
    <message>
        <source>A recovery key has eight groups of four characters and a short one that catches slips.</source>
        <translation>恢复密钥由八组、每组四个字符，再加一组用于发现笔误的字符组成。</translation>
    </message>
    <message>
        <source>Compare it with the paper, group by group.</source>
        <translation>请与纸上的内容逐组核对。</translation>
    </message>
    <message>
        <source>Wrong recovery key</source>
        <translation>恢复密钥错误</translation>
    </message>
    <message>
        <source>It is well-formed, but belongs to another profile or was replaced by a newer one.</source>
        <translation>格式正确，但属于其他档案，或已被新的恢复密钥取代。</translation>
    </message>
    <message>
        <source>Look for the newest paper with the key of this profile.</source>
        <translation>请找出记有此档案最新恢复密钥的纸。</translation>
    </message>
    <message>
        <source>This name cannot be used</source>
        <translation>不能使用这个名字</translation>
    </message>
    <message>
        <source>A name has 1 to 64 characters, no space at its ends and no control characters.</source>
        <translation>名字为 1 到 64 个字符，首尾没有空格，也没有控制字符。</translation>
    </message>
    <message>
        <source>There is a profile of this name</source>
        <translation>已有同名的档案</translation>
    </message>
    <message>
        <source>Names differ by more than capital letters.</source>
        <translation>名字不能只有大小写不同。</translation>
    </message>
    <message>
        <source>This profile is not there any more</source>
        <translation>此档案已不存在</translation>
    </message>
    <message>
        <source>It was erased meanwhile.</source>
        <translation>它已被抹除。</translation>
    </message>
    <message>
        <source>One administrator must stay</source>
        <translation>必须保留一位管理员</translation>
    </message>
    <message>
        <source>This is the only profile that can sign in and manage the others.</source>
        <translation>这是唯一能登录并管理其他档案的档案。</translation>
    </message>
    <message>
        <source>Make another profile an administrator first.</source>
        <translation>请先把另一个档案设为管理员。</translation>
    </message>
    <message>
        <source>The first profile must be an administrator</source>
        <translation>第一个档案必须是管理员</translation>
    </message>
    <message>
        <source>Otherwise nobody could make further ones.</source>
        <translation>否则没有人能再建立档案。</translation>
    </message>
    <message>
        <source>Choose that role.</source>
        <translation>请选择该角色。</translation>
    </message>
    <message>
        <source>This profile is no administrator</source>
        <translation>此档案不是管理员</translation>
    </message>
    <message>
        <source>Only an administrator among the accounts can take them as they are.</source>
        <translation>只有这些账户中的管理员才能按现状接受。</translation>
    </message>
    <message>
        <source>Type the name and password of one.</source>
        <translation>请输入一位管理员的名字和密码。</translation>
    </message>
    <message>
        <source>This right cannot be given</source>
        <translation>不能授予此权限</translation>
    </message>
    <message>
        <source>A person&apos;s content is sealed with their key, and nobody rewrites the audit log.</source>
        <translation>个人的内容由本人的密钥加密，审计日志则任何人都不能改写。</translation>
    </message>
    <message>
        <source>This right must stay with administrators</source>
        <translation>管理员必须保留此权限</translation>
    </message>
    <message>
        <source>Without it nobody could manage profiles and rights any more.</source>
        <translation>否则没有人能再管理档案和权限。</translation>
    </message>
    <message>
        <source>An older copy of the accounts was put in place</source>
        <translation>账户被换成了较旧的副本</translation>
    </message>
    <message>
        <source>Their state is number {found}, the newest known is {expected}. Somebody who was disabled or erased since could be in it, so nobody is let in.</source>
        <translation>其状态编号为 {found}，已知最新为 {expected}。此后被停用或抹除的人可能还在其中，因此不允许任何人进入。</translation>
    </message>
    <message>
        <source>Put the newest files back. If you restored the copy yourself, an administrator can take it as it is.</source>
        <translation>请放回最新的文件。如果副本是您自己恢复的，可由管理员按现状接受。</translation>
    </message>
    <message>
        <source>This key is not there any more</source>
        <translation>此令牌已不存在</translation>
    </message>
    <message>
        <source>It was deleted with its profile.</source>
        <translation>它已随档案一起删除。</translation>
    </message>
    <message>
        <source>No chats are open</source>
        <translation>没有打开的对话</translation>
    </message>
    <message>
        <source>The window is locked, or just being locked.</source>
        <translation>窗口已锁定，或正在锁定。</translation>
    </message>
    <message>
        <source>These chats are sealed</source>
        <translation>这些对话已加密</translation>
    </message>
    <message>
        <source>The file belongs to a profile and opens with its key only.</source>
        <translation>此文件属于某个档案，只能用其密钥打开。</translation>
    </message>
    <message>
        <source>Sign in to the profile. The file has not been touched.</source>
        <translation>请登录该档案。文件没有被改动。</translation>
    </message>
    <message>
        <source>These chats are not sealed</source>
        <translation>这些对话没有加密</translation>
    </message>
    <message>
        <source>A readable file lies where the profile&apos;s sealed one should be.</source>
        <translation>档案的加密文件所在位置有一个可读文件。</translation>
    </message>
    <message>
        <source>Move it away from the profile&apos;s folder; it has not been touched.</source>
        <translation>请把它移出档案的文件夹；它没有被改动。</translation>
    </message>
    <message>
        <source>These chats were sealed with another key</source>
        <translation>这些对话由另一个密钥加密</translation>
    </message>
    <message>
        <source>The file is of another profile, or of this one before it got new keys.</source>
        <translation>此文件属于其他档案，或属于本档案更换密钥之前。</translation>
    </message>
    <message>
        <source>Put the right file back; this one has not been touched.</source>
        <translation>请放回正确的文件；此文件没有被改动。</translation>
    </message>
    <message>
        <source>Your profile has chats already</source>
        <translation>您的档案已有对话</translation>
    </message>
    <message>
        <source>Taking over makes the readable chats the chats of a profile that has none yet.</source>
        <translation>接收会把可读的对话变成一个还没有对话的档案的内容。</translation>
    </message>
    <message>
        <source>Make another profile for them, or delete the chats that you do not need for good.</source>
        <translation>请为它们另建一个档案，或彻底删除不需要的对话。</translation>
    </message>
    <message>
        <source>The sealed copy was not like the original</source>
        <translation>加密副本与原件不一致</translation>
    </message>
    <message>
        <source>The readable chats were kept, and the copy was thrown away.</source>
        <translation>可读的对话已保留，副本已丢弃。</translation>
    </message>
    <message>
        <source>Check the disk and the memory of this computer, then try again.</source>
        <translation>请检查本机的磁盘和内存，然后再试。</translation>
    </message>
    <message>
        <source>There are no readable chats</source>
        <translation>没有可读的对话</translation>
    </message>
    <message>
        <source>Nothing is left to take over.</source>
        <translation>没有需要接收的内容。</translation>
    </message>
    <message>
        <source>The password is too short</source>
        <translation>密码太短</translation>
    </message>
    <message>
        <source>It has {found} characters; at least {least} are needed.</source>
        <translation>只有 {found} 个字符，至少需要 {least} 个。</translation>
    </message>
    <message>
        <source>A sentence of several words is easy to remember and hard to guess.</source>
        <translation>由几个词组成的句子容易记住，又难以猜到。</translation>
    </message>
    <message>
        <source>The password is too long</source>
        <translation>密码太长</translation>
    </message>
    <message>
        <source>At most 4096 bytes can be used.</source>
        <translation>最多可用 4096 字节。</translation>
    </message>
    <message>
        <source>The password cannot be used</source>
        <translation>不能使用这个密码</translation>
    </message>
    <message>
        <source>It is no valid text.</source>
        <translation>它不是有效的文字。</translation>
    </message>
    <message>
        <source>The password does not open this file.</source>
        <translation>密码无法打开此文件。</translation>
    </message>
    <message>
        <source>Look at the keyboard layout and Caps Lock, and try again.</source>
        <translation>请检查键盘布局和大写锁定，然后再试。</translation>
    </message>
    <message>
        <source>This file opens with a password</source>
        <translation>此文件需用密码打开</translation>
    </message>
    <message>
        <source>It was sealed with one.</source>
        <translation>它是用密码加密的。</translation>
    </message>
    <message>
        <source>Type the password that was chosen when it was made.</source>
        <translation>请输入制作时设置的密码。</translation>
    </message>
    <message>
        <source>This file opens with a profile&apos;s key</source>
        <translation>此文件需用档案的密钥打开</translation>
    </message>
    <message>
        <source>It was sealed for a profile, not with a password of its own.</source>
        <translation>它是为某个档案加密的，没有单独的密码。</translation>
    </message>
    <message>
        <source>Sign in to the profile that it was made in.</source>
        <translation>请登录制作它的档案。</translation>
    </message>
    <message>
        <source>The sealed file is incomplete</source>
        <translation>加密文件不完整</translation>
    </message>
    <message>
        <source>Its end is missing. Nothing of it was used.</source>
        <translation>文件末尾缺失。其内容没有被使用。</translation>
    </message>
    <message>
        <source>Copy the file again from where it came.</source>
        <translation>请从来源重新复制文件。</translation>
    </message>
    <message>
        <source>The stored cost of the password was changed</source>
        <translation>密码的存储参数被改动过</translation>
    </message>
    <message>
        <source>It is outside of what Hearth uses ({what}), so the password was not tried with it.</source>
        <translation>参数超出 Hearth 使用的范围（{what}），因此没有用它来核对密码。</translation>
    </message>
    <message>
        <source>Put the accounts back from a copy.</source>
        <translation>请从副本恢复账户文件。</translation>
    </message>
    <message>
        <source>The signature does not fit</source>
        <translation>签名不符</translation>
    </message>
    <message>
        <source>The text was changed after it was signed, or signed by somebody else.</source>
        <translation>文字在签名后被改动过，或由他人签名。</translation>
    </message>
    <message>
        <source>A password takes up to 512 MB of memory for a moment, and secrets need memory that is never swapped to disk.</source>
        <translation>核对密码会短暂占用最多 512 MB 内存，而秘密需要绝不交换到磁盘的内存。</translation>
    </message>
    <message>
        <source>The file is no list of models, or something is wrong in it (entry &quot;{entry}&quot;, &quot;{field}&quot;).</source>
        <translation>该文件不是模型列表，或其中有误（条目“{entry}”的“{field}”）。</translation>
    </message>
    <message>
        <source>Take another file. What was there before stays in use.</source>
        <translation>请换一个文件。原有列表继续使用。</translation>
    </message>
    <message>
        <source>The file was made for a later version of Hearth.</source>
        <translation>该文件是为更新版本的 Hearth 制作的。</translation>
    </message>
    <message>
        <source>Update Hearth, or take another file. What was there before stays in use.</source>
        <translation>请更新 Hearth，或换一个文件。原有列表继续使用。</translation>
    </message>
    <message>
        <source>The file is too small to tell a speed</source>
        <translation>文件太小，无法得出速度</translation>
    </message>
    <message>
        <source>Only {bytes:bytes} came; at least {needed_bytes:bytes} are needed.</source>
        <translation>只收到 {bytes:bytes}，至少需要 {needed_bytes:bytes}。</translation>
    </message>
    <message>
        <source>Give the address of a larger file, for example a model.</source>
        <translation>请给出更大文件的地址，例如一个模型。</translation>
    </message>
    <message>
        <source>This is no address of a model file</source>
        <translation>这不是模型文件的地址</translation>
    </message>
    <message>
        <source>{address} does not name a GGUF file on a hub.</source>
        <translation>{address} 没有指向模型站上的 GGUF 文件。</translation>
    </message>
    <message>
        <source>Open the file&apos;s page on the hub and copy its address: it ends in .gguf.</source>
        <translation>请打开模型站上该文件的页面并复制其地址：以 .gguf 结尾。</translation>
    </message>
    <message>
        <source>This file is one part of several</source>
        <translation>该文件只是多个部分之一</translation>
    </message>
    <message>
        <source>This is no hardware report</source>
        <translation>这不是硬件报告</translation>
    </message>
    <message>
        <source>The file does not have the form of a report in JSON, or its signature is damaged.</source>
        <translation>该文件不是 JSON 格式的报告，或其签名已损坏。</translation>
    </message>
    <message>
        <source>Choose a report that was exported as data (JSON).</source>
        <translation>请选择以数据（JSON）导出的报告。</translation>
    </message>
    <message>
        <source>The report is of another version</source>
        <translation>报告的版本不同</translation>
    </message>
    <message>
        <source>It has version {found}; this program reads version {known}.</source>
        <translation>其版本为 {found}，本程序读取版本 {known}。</translation>
    </message>
    <message>
        <source>Export it again with the same version of Hearth.</source>
        <translation>请用相同版本的 Hearth 重新导出。</translation>
    </message>
    <message>
        <source>The report bears no signature</source>
        <translation>报告没有签名</translation>
    </message>
    <message>
        <source>Whether it was changed cannot be told.</source>
        <translation>无法判断它是否被改动。</translation>
    </message>
    <message>
        <source>Ask for the file as Hearth exported it.</source>
        <translation>请索取 Hearth 导出的原文件。</translation>
    </message>
    <message>
        <source>The PDF could not be made</source>
        <translation>无法生成 PDF</translation>
    </message>
    <message>
        <source>Fonts or memory for it are missing.</source>
        <translation>缺少所需的字体或内存。</translation>
    </message>
    <message>
        <source>Export a web page (HTML) instead and print that.</source>
        <translation>请改为导出网页（HTML）并打印。</translation>
    </message>
    <message>
        <source>This machine was not measured yet</source>
        <translation>本机尚未测量</translation>
    </message>
    <message>
        <source>There is nothing to keep the value with.</source>
        <translation>没有可与该数值一起保存的测量。</translation>
    </message>
    <message>
        <source>Measure the machine first.</source>
        <translation>请先测量本机。</translation>
    </message>
    <message>
        <source>The hub cannot be reached</source>
        <translation>无法连接模型站点</translation>
    </message>
    <message>
        <source>{detail}.</source>
        <translation>{detail}。</translation>
    </message>
    <message>
        <source>Check the connection, the proxy, or choose another hub.</source>
        <translation>请检查网络连接和代理，或换一个站点。</translation>
    </message>
    <message>
        <source>The connection broke</source>
        <translation>连接中断了</translation>
    </message>
    <message>
        <source>Check the connection.</source>
        <translation>请检查网络连接。</translation>
    </message>
    <message>
        <source>What was received is kept, and it goes on from there.</source>
        <translation>已收到的部分会保留，之后从那里继续。</translation>
    </message>
    <message>
        <source>The server does not send what was asked for</source>
        <translation>服务器发来的不是所要的内容</translation>
    </message>
    <message>
        <source>Try again later or choose another hub.</source>
        <translation>请稍后再试，或换一个站点。</translation>
    </message>
    <message>
        <source>The hub leads to a place that is not safe</source>
        <translation>站点把请求引向不安全的地方</translation>
    </message>
    <message>
        <source>{detail}. Nothing was sent there.</source>
        <translation>{detail}。没有向那里发送任何内容。</translation>
    </message>
    <message>
        <source>Choose another hub. If this is a network of your own, put its address in as a hub.</source>
        <translation>请换一个站点。如果那是您自己的网络，请把它的地址作为站点填入。</translation>
    </message>
    <message>
        <source>This is not the address of a hub</source>
        <translation>这不是模型站点的地址</translation>
    </message>
    <message>
        <source>{url} cannot be used.</source>
        <translation>{url} 无法使用。</translation>
    </message>
    <message>
        <source>Write it as a browser shows it, for example https://hf-mirror.com.</source>
        <translation>请按浏览器里显示的样子填写，例如 https://hf-mirror.com。</translation>
    </message>
    <message>
        <source>The hub&apos;s answer makes no sense</source>
        <translation>站点的回答无法理解</translation>
    </message>
    <message>
        <source>This network may want you to sign in first, or the address is not a hub&apos;s. Try again or choose another hub.</source>
        <translation>这个网络可能要求先登录，或者这个地址不是模型站点。请重试或换一个站点。</translation>
    </message>
    <message>
        <source>This file cannot be verified</source>
        <translation>这个文件无法校验</translation>
    </message>
    <message>
        <source>Choose another hub. Hearth takes no file that it cannot check.</source>
        <translation>请换一个站点。Hearth 不接受无法核对的文件。</translation>
    </message>
    <message>
        <source>What this file needs cannot be told</source>
        <translation>无法得知这个文件的需求</translation>
    </message>
    <message>
        <source>The file can be downloaded all the same.</source>
        <translation>仍然可以下载这个文件。</translation>
    </message>
    <message>
        <source>The proxy does not help</source>
        <translation>代理不起作用</translation>
    </message>
    <message>
        <source>Check its address, user name and password under Hubs.</source>
        <translation>请在“站点”中检查它的地址、用户名和密码。</translation>
    </message>
    <message>
        <source>This proxy cannot be used</source>
        <translation>这个代理无法使用</translation>
    </message>
    <message>
        <source>It needs a host name and a port from 1 to 65535.</source>
        <translation>需要主机名和 1 到 65535 之间的端口。</translation>
    </message>
    <message>
        <source>Correct it under Hubs.</source>
        <translation>请在“站点”中更正。</translation>
    </message>
    <message>
        <source>Nobody vouches for this server</source>
        <translation>这台服务器的身份无人担保</translation>
    </message>
    <message>
        <source>{detail}. The connection was ended before anything was said.</source>
        <translation>{detail}。连接在传送任何内容之前就已断开。</translation>
    </message>
    <message>
        <source>Check the clock of this machine. If it is right, somebody may be reading along on this network.</source>
        <translation>请检查本机的时钟。如果时间正确，可能有人在这个网络上窃听。</translation>
    </message>
    <message>
        <source>A web page came instead of the file</source>
        <translation>收到的是网页而不是文件</translation>
    </message>
    <message>
        <source>This network may want you to sign in first: open any page in the browser, then try again.</source>
        <translation>这个网络可能要求先登录：请在浏览器里打开任意网页，然后重试。</translation>
    </message>
    <message>
        <source>Two files of this repository have the same name here</source>
        <translation>这个仓库里有两个文件在本机会同名</translation>
    </message>
    <message>
        <source>{file} and {other} differ only in upper and lower case or in how accents are written.</source>
        <translation>{file} 和 {other} 只在大小写或重音写法上不同。</translation>
    </message>
    <message>
        <source>Choose another repository of the model.</source>
        <translation>请选择这个模型的另一个仓库。</translation>
    </message>
    <message>
        <source>This file&apos;s name is not safe</source>
        <translation>这个文件名不安全</translation>
    </message>
    <message>
        <source>The hub calls it “{file}”.</source>
        <translation>站点上的名称是“{file}”。</translation>
    </message>
    <message>
        <source>Choose another file or another repository of the model.</source>
        <translation>请选择另一个文件，或这个模型的另一个仓库。</translation>
    </message>
    <message>
        <source>There is no such model</source>
        <translation>没有这个模型</translation>
    </message>
    <message>
        <source>{host} does not know it.</source>
        <translation>{host} 上没有它。</translation>
    </message>
    <message>
        <source>Search for it, or choose another hub.</source>
        <translation>请搜索它，或换一个站点。</translation>
    </message>
    <message>
        <source>This version of the model is gone</source>
        <translation>这个版本的模型已经不在了</translation>
    </message>
    <message>
        <source>{host} does not have it any more.</source>
        <translation>{host} 上已经没有它。</translation>
    </message>
    <message>
        <source>Cancel the download and start it anew.</source>
        <translation>请取消下载并重新开始。</translation>
    </message>
    <message>
        <source>Look at the list of files again.</source>
        <translation>请重新查看文件列表。</translation>
    </message>
    <message>
        <source>The owner of this model wants its terms accepted</source>
        <translation>这个模型的所有者要求先接受条款</translation>
    </message>
    <message>
        <source>{host} gives its files only to people who have done that.</source>
        <translation>{host} 只把文件提供给已接受条款的人。</translation>
    </message>
    <message>
        <source>Open the model&apos;s page, accept the terms, make a token there and put it in under Hubs.</source>
        <translation>请打开模型的网页接受条款，在那里创建令牌，再填到“站点”中。</translation>
    </message>
    <message>
        <source>This model is private, or does not exist</source>
        <translation>这个模型是私有的，或者不存在</translation>
    </message>
    <message>
        <source>{host} shows it only to people who say who they are.</source>
        <translation>{host} 只向表明身份的人展示它。</translation>
    </message>
    <message>
        <source>Check the name. If it is right, make a token on the hub and put it in under Hubs.</source>
        <translation>请检查名称。如果无误，请在站点上创建令牌，再填到“站点”中。</translation>
    </message>
    <message>
        <source>The hub does not accept your token</source>
        <translation>站点不接受您的令牌</translation>
    </message>
    <message>
        <source>{host} answers with status {status}.</source>
        <translation>{host} 返回状态 {status}。</translation>
    </message>
    <message>
        <source>It may have run out. Make a new one on the hub and put it in under Hubs.</source>
        <translation>它可能已过期。请在站点上创建新的令牌，再填到“站点”中。</translation>
    </message>
    <message>
        <source>The hub refuses</source>
        <translation>站点拒绝了请求</translation>
    </message>
    <message>
        <source>Your account may not have access to this model; its page says more.</source>
        <translation>您的账户可能无权访问这个模型，详情请看它的网页。</translation>
    </message>
    <message>
        <source>The hub asks to wait</source>
        <translation>站点要求等待</translation>
    </message>
    <message>
        <source>{host} gets too many requests from here.</source>
        <translation>{host} 收到来自这里的请求过多。</translation>
    </message>
    <message>
        <source>It goes on by itself. With a token of yours, hubs allow more.</source>
        <translation>之后会自动继续。使用您的令牌时，站点允许更多请求。</translation>
    </message>
    <message>
        <source>The hub has a problem</source>
        <translation>站点出了问题</translation>
    </message>
    <message>
        <source>The file is another one by now</source>
        <translation>文件已经变成另一个了</translation>
    </message>
    <message>
        <source>Cancel the download and start it anew to get the new one.</source>
        <translation>如需新的文件，请取消下载并重新开始。</translation>
    </message>
    <message>
        <source>The file is not what the hub promised</source>
        <translation>文件与站点所声明的不符</translation>
    </message>
    <message>
        <source>Its SHA-256 is another one, however often the parts of {file} are fetched.</source>
        <translation>无论重新获取 {file} 的各部分多少次，SHA-256 都不一致。</translation>
    </message>
    <message>
        <source>It is not used. Try again later: only what is wrong is fetched anew, from another hub where there is one.</source>
        <translation>不会使用它。请稍后再试：只会重新获取出错的部分，有其他站点时从那里获取。</translation>
    </message>
    <message>
        <source>A part of this model is missing on the hub</source>
        <translation>站点上缺少这个模型的一部分</translation>
    </message>
    <message>
        <source>Choose another quantisation or another repository.</source>
        <translation>请选择另一种量化或另一个仓库。</translation>
    </message>
    <message>
        <source>This quantisation is not there</source>
        <translation>没有这种量化</translation>
    </message>
    <message>
        <source>Choose one of the others.</source>
        <translation>请选择其他的。</translation>
    </message>
    <message>
        <source>This is not the name of a model</source>
        <translation>这不是模型的名称</translation>
    </message>
    <message>
        <source>“{repository}” is not of the form owner/name.</source>
        <translation>“{repository}”不符合“所有者/名称”的形式。</translation>
    </message>
    <message>
        <source>Search for the model.</source>
        <translation>请搜索这个模型。</translation>
    </message>
    <message>
        <source>This is not the name of a version</source>
        <translation>这不是版本的名称</translation>
    </message>
    <message>
        <source>“{revision}” cannot be a branch, tag or commit.</source>
        <translation>“{revision}”不可能是分支、标签或提交。</translation>
    </message>
    <message>
        <source>This address is not encrypted</source>
        <translation>这个地址没有加密</translation>
    </message>
    <message>
        <source>{url} would send and receive everything in the open.</source>
        <translation>使用 {url} 时，所有内容都会以明文收发。</translation>
    </message>
    <message>
        <source>Write it with https://. Only this machine and the local network may do without.</source>
        <translation>请使用 https://。只有本机和局域网可以例外。</translation>
    </message>
    <message>
        <source>There is not enough room on the disk</source>
        <translation>磁盘空间不足</translation>
    </message>
    <message>
        <source>{needed_bytes:bytes} are needed, {free_bytes:bytes} are free in {path}.</source>
        <translation>需要 {needed_bytes:bytes}，{path} 中可用 {free_bytes:bytes}。</translation>
    </message>
    <message>
        <source>Free some space, or choose another folder for models in Settings.</source>
        <translation>请腾出空间，或在设置中为模型选择另一个文件夹。</translation>
    </message>
    <message>
        <source>The disk cannot hold so large a file</source>
        <translation>磁盘放不下这么大的文件</translation>
    </message>
    <message>
        <source>The file system of {path} has a limit, or you have.</source>
        <translation>{path} 的文件系统或您的账户有大小限制。</translation>
    </message>
    <message>
        <source>Choose a folder on another disk in Settings.</source>
        <translation>请在设置中选择另一块磁盘上的文件夹。</translation>
    </message>
    <message>
        <source>Another file has this name</source>
        <translation>已有另一个同名文件</translation>
    </message>
    <message>
        <source>{path} exists and is something else.</source>
        <translation>{path} 已存在，而且是别的内容。</translation>
    </message>
    <message>
        <source>Move or rename that file, then try again. It has not been touched.</source>
        <translation>请移动或重命名那个文件，然后重试。它没有被改动。</translation>
    </message>
    <message>
        <source>Another program is downloading this file</source>
        <translation>另一个程序正在下载这个文件</translation>
    </message>
    <message>
        <source>{path} is being written by it.</source>
        <translation>它正在写入 {path}。</translation>
    </message>
    <message>
        <source>Wait for it, or end it and try again.</source>
        <translation>请等它完成，或结束它后重试。</translation>
    </message>
    <message>
        <source>The list of downloads cannot be read</source>
        <translation>下载列表无法读取</translation>
    </message>
    <message>
        <source>It is kept as {path}.</source>
        <translation>它已保存为 {path}。</translation>
    </message>
    <message>
        <source>Start the downloads again: what they received is still there, and they go on with it.</source>
        <translation>请重新开始下载：已收到的部分还在，会从那里继续。</translation>
    </message>
    <message>
        <source>Another copy of Hearth has the list of downloads</source>
        <translation>另一个 Hearth 正在使用下载列表</translation>
    </message>
    <message>
        <source>Downloads that are started here are forgotten when this window closes.</source>
        <translation>在这里开始的下载，在窗口关闭后不会被记住。</translation>
    </message>
    <message>
        <source>Close the other copy and start this one again.</source>
        <translation>请关闭另一个，再重新启动这一个。</translation>
    </message>
    <message>
        <source>There are too many downloads</source>
        <translation>下载过多</translation>
    </message>
    <message>
        <source>The list is full.</source>
        <translation>列表已满。</translation>
    </message>
    <message>
        <source>Take finished ones off the list.</source>
        <translation>请把已完成的移出列表。</translation>
    </message>
    <message>
        <source>The settings of the hubs cannot be read</source>
        <translation>站点设置无法读取</translation>
    </message>
    <message>
        <source>The file is kept as {path}; the usual hubs are used.</source>
        <translation>文件已保存为 {path}；目前使用默认站点。</translation>
    </message>
    <message>
        <source>Put in your hubs, tokens and proxy again.</source>
        <translation>请重新填写您的站点、令牌和代理。</translation>
    </message>
    <message>
        <source>A token or password cannot be read</source>
        <translation>令牌或密码无法读取</translation>
    </message>
    <message>
        <source>What is kept for {host} does not open: its key is another one, or the file was changed.</source>
        <translation>为 {host} 保存的内容打不开：密钥不同，或文件被改动过。</translation>
    </message>
    <message>
        <source>Put it in again.</source>
        <translation>请重新填写。</translation>
    </message>
    <message>
        <source>A safetensors file is damaged</source>
        <translation>safetensors 文件已损坏</translation>
    </message>
    <message>
        <source>A safetensors file is incomplete</source>
        <translation>safetensors 文件不完整</translation>
    </message>
    <message>
        <source>These weights are a Python pickle</source>
        <translation>这些权重是 Python pickle</translation>
    </message>
    <message>
        <source>Reading a pickle runs code that its author chose, so Hearth never does.</source>
        <translation>读取 pickle 会执行其作者选定的代码，因此 Hearth 从不读取。</translation>
    </message>
    <message>
        <source>Look for a version of the model whose weights are safetensors.</source>
        <translation>请寻找权重为 safetensors 的版本。</translation>
    </message>
    <message>
        <source>The folder&apos;s vocabulary cannot be used</source>
        <translation>文件夹中的词表无法使用</translation>
    </message>
    <message>
        <source>Download tokenizer.json or tokenizer.model of the model again.</source>
        <translation>请重新下载该模型的 tokenizer.json 或 tokenizer.model。</translation>
    </message>
    <message>
        <source>The folder&apos;s vocabulary is of an unknown kind</source>
        <translation>文件夹中的词表类型未知</translation>
    </message>
    <message>
        <source>Take a conversion that somebody else made, or another model.</source>
        <translation>请使用他人转换好的文件，或换一个模型。</translation>
    </message>
    <message>
        <source>The folder does not hold a whole model</source>
        <translation>文件夹中的模型不完整</translation>
    </message>
    <message>
        <source>Download all files of the model into one folder.</source>
        <translation>请把模型的所有文件下载到同一个文件夹。</translation>
    </message>
    <message>
        <source>Hearth cannot convert this model</source>
        <translation>Hearth 无法转换此模型</translation>
    </message>
    <message>
        <source>Take a GGUF version of it, or another model.</source>
        <translation>请使用它的 GGUF 版本，或换一个模型。</translation>
    </message>
    <message>
        <source>The model holds values that are no numbers</source>
        <translation>模型中含有不是数字的值</translation>
    </message>
    <message>
        <source>The file is damaged or was trained badly. Download it again or take another model.</source>
        <translation>文件已损坏或训练有误。请重新下载或换一个模型。</translation>
    </message>
    <message>
        <source>The importance matrix does not fit the model</source>
        <translation>重要性矩阵与模型不符</translation>
    </message>
    <message>
        <source>Start the job again, so that it is made anew.</source>
        <translation>请重新开始任务，以便重新生成。</translation>
    </message>
    <message>
        <source>The two versions cannot be compared</source>
        <translation>这两个版本无法比较</translation>
    </message>
    <message>
        <source>Only versions with the same vocabulary can be compared.</source>
        <translation>只有词表相同的版本才能比较。</translation>
    </message>
    <message>
        <source>This file holds no language model</source>
        <translation>此文件不含语言模型</translation>
    </message>
    <message>
        <source>It is a GGUF file of another kind ({kind}).</source>
        <translation>它是另一种 GGUF 文件（{kind}）。</translation>
    </message>
    <message>
        <source>Choose the file with the model&apos;s weights.</source>
        <translation>请选择含有模型权重的文件。</translation>
    </message>
    <message>
        <source>There is no model in this folder</source>
        <translation>此文件夹中没有模型</translation>
    </message>
    <message>
        <source>{path} holds no GGUF file.</source>
        <translation>{path} 中没有 GGUF 文件。</translation>
    </message>
    <message>
        <source>Choose a folder with files that end in .gguf, or one as Hugging Face publishes models.</source>
        <translation>请选择含有 .gguf 文件的文件夹，或 Hugging Face 发布的模型文件夹。</translation>
    </message>
    <message>
        <source>This is no longer in the library</source>
        <translation>它已不在模型库中</translation>
    </message>
    <message>
        <source>It was removed meanwhile.</source>
        <translation>它在此期间被移除了。</translation>
    </message>
    <message>
        <source>Look at the list again.</source>
        <translation>请再看一下列表。</translation>
    </message>
    <message>
        <source>A model&apos;s file is missing</source>
        <translation>模型文件缺失</translation>
    </message>
    <message>
        <source>{path} is not there.</source>
        <translation>{path} 不存在。</translation>
    </message>
    <message>
        <source>Connect its disk, or show under Files where it lies now.</source>
        <translation>请接上所在磁盘，或在“文件”中指明它现在的位置。</translation>
    </message>
    <message>
        <source>There is a file of this name already</source>
        <translation>已有同名文件</translation>
    </message>
    <message>
        <source>{path} was not touched.</source>
        <translation>{path} 未被改动。</translation>
    </message>
    <message>
        <source>Move it away or choose another place.</source>
        <translation>请将其移走或另选位置。</translation>
    </message>
    <message>
        <source>This is another file</source>
        <translation>这是另一个文件</translation>
    </message>
    <message>
        <source>{path} does not hold the bytes that were recorded.</source>
        <translation>{path} 的内容与记录的不同。</translation>
    </message>
    <message>
        <source>Choose the right file, or import this one as a model of its own.</source>
        <translation>请选择正确的文件，或将它作为单独的模型导入。</translation>
    </message>
    <message>
        <source>The file cannot be hard-linked</source>
        <translation>无法建立硬链接</translation>
    </message>
    <message>
        <source>{path} and the library&apos;s folder lie on different file systems.</source>
        <translation>{path} 与模型库文件夹不在同一个文件系统上。</translation>
    </message>
    <message>
        <source>Copy it, or leave it where it is.</source>
        <translation>请复制它，或让它留在原处。</translation>
    </message>
    <message>
        <source>The system&apos;s trash does not take the file</source>
        <translation>系统回收站无法接收该文件</translation>
    </message>
    <message>
        <source>{path} could not be moved there. Nothing was changed.</source>
        <translation>无法将 {path} 移入。没有任何改动。</translation>
    </message>
    <message>
        <source>Delete the file yourself and remove the entry again.</source>
        <translation>请自行删除该文件，然后再移除条目。</translation>
    </message>
    <message>
        <source>A name is needed</source>
        <translation>需要一个名称</translation>
    </message>
    <message>
        <source>It cannot be empty.</source>
        <translation>名称不能为空。</translation>
    </message>
    <message>
        <source>Enter a name.</source>
        <translation>请输入名称。</translation>
    </message>
    <message>
        <source>There is nothing to go back to</source>
        <translation>没有可退回的版本</translation>
    </message>
    <message>
        <source>No other version was the default before.</source>
        <translation>之前没有其他版本做过默认版本。</translation>
    </message>
    <message>
        <source>Models are changed or missing</source>
        <translation>有模型已更改或缺失</translation>
    </message>
    <message>
        <source>Fetch the files again. If the change was meant, take them as they are now.</source>
        <translation>请重新获取文件。如果更改是有意的，请接受现在的内容。</translation>
    </message>
    <message>
        <source>A model of Ollama cannot be read</source>
        <translation>无法读取 Ollama 的某个模型</translation>
    </message>
    <message>
        <source>{path} does not say where its weights are.</source>
        <translation>{path} 没有说明权重在哪里。</translation>
    </message>
    <message>
        <source>Fetch the model again with Ollama.</source>
        <translation>请用 Ollama 重新获取该模型。</translation>
    </message>
    <message>
        <source>What is set for this model cannot be used</source>
        <translation>为此模型设定的内容无法使用</translation>
    </message>
    <message>
        <source>Set it again.</source>
        <translation>请重新设定。</translation>
    </message>
    <message>
        <source>This model must be converted first</source>
        <translation>此模型需要先转换</translation>
    </message>
    <message>
        <source>{path} is a folder of safetensors.</source>
        <translation>{path} 是一个 safetensors 文件夹。</translation>
    </message>
    <message>
        <source>Drop it onto the page of models.</source>
        <translation>请将它拖到模型页面上。</translation>
    </message>
    <message>
        <source>This job is no longer there</source>
        <translation>此任务已不存在</translation>
    </message>
    <message>
        <source>The job is not waiting</source>
        <translation>此任务不在等待中</translation>
    </message>
    <message>
        <source>It runs or has ended meanwhile.</source>
        <translation>它正在运行或已经结束。</translation>
    </message>
    <message>
        <source>Look at its state again.</source>
        <translation>请再看一下它的状态。</translation>
    </message>
    <message>
        <source>The job is still at work</source>
        <translation>任务仍在进行</translation>
    </message>
    <message>
        <source>Only what has ended can be forgotten.</source>
        <translation>只有已结束的任务才能清除。</translation>
    </message>
    <message>
        <source>Cancel it first.</source>
        <translation>请先取消它。</translation>
    </message>
    <message>
        <source>The text is too large</source>
        <translation>文本过大</translation>
    </message>
    <message>
        <source>{path} is larger than {limit_bytes:bytes}.</source>
        <translation>{path} 大于 {limit_bytes:bytes}。</translation>
    </message>
    <message>
        <source>Some ten pages are enough; choose a shorter text.</source>
        <translation>约十页就够了；请选择较短的文本。</translation>
    </message>
    <message>
        <source>This version is already quantised</source>
        <translation>此版本已经量化过</translation>
    </message>
    <message>
        <source>{tensor} is {type}; quantising it again loses more than starting from the original.</source>
        <translation>{tensor} 是 {type}；再次量化比从原始版本开始损失更大。</translation>
    </message>
    <message>
        <source>Start from an F16, BF16, F32 or Q8_0 version, or allow it under Target.</source>
        <translation>请从 F16、BF16、F32 或 Q8_0 版本开始，或在“目标”中允许这样做。</translation>
    </message>
    <message>
        <source>The budget is too small</source>
        <translation>预算太小</translation>
    </message>
    <message>
        <source>Even the smallest types need {needed_bytes:bytes}; the budget is {budget_bytes:bytes}.</source>
        <translation>即使用最小的类型也需要 {needed_bytes:bytes}；预算是 {budget_bytes:bytes}。</translation>
    </message>
    <message>
        <source>Give it more, or take a smaller model.</source>
        <translation>请增加预算，或选更小的模型。</translation>
    </message>
    <message>
        <source>Another program writes this file</source>
        <translation>另一个程序正在写此文件</translation>
    </message>
    <message>
        <source>{path} is being written at this moment.</source>
        <translation>{path} 此刻正在被写入。</translation>
    </message>
    <message>
        <source>Wait for it or choose another name.</source>
        <translation>请等待，或另选名称。</translation>
    </message>
    <message>
        <source>Source and target are the same file</source>
        <translation>源和目标是同一个文件</translation>
    </message>
    <message>
        <source>{path} cannot be written while it is read.</source>
        <translation>{path} 在读取时不能写入。</translation>
    </message>
    <message>
        <source>A value is too large for this type</source>
        <translation>有数值超出此类型的范围</translation>
    </message>
    <message>
        <source>Give this tensor F32 or BF16 in the list tensor by tensor.</source>
        <translation>请在逐个张量的列表中把它设为 F32 或 BF16。</translation>
    </message>
    <message>
        <source>The source changed meanwhile</source>
        <translation>源文件在此期间改变了</translation>
    </message>
    <message>
        <source>What was planned was planned for another file.</source>
        <translation>此前的规划是针对另一个文件的。</translation>
    </message>
    <message>
        <source>Start the job again.</source>
        <translation>请重新开始任务。</translation>
    </message>
    <message>
        <source>The text is too short</source>
        <translation>文本太短</translation>
    </message>
    <message>
        <source>It has {found_tokens:count} tokens; {needed_tokens:count} are needed at least.</source>
        <translation>它只有 {found_tokens:count} 个 token；至少需要 {needed_tokens:count} 个。</translation>
    </message>
    <message>
        <source>Choose a longer text.</source>
        <translation>请选择更长的文本。</translation>
    </message>
    <message>
        <source>The model&apos;s context is too short to measure</source>
        <translation>模型的上下文太短，无法测量</translation>
    </message>
    <message>
        <source>The folder is too large to look through</source>
        <translation>文件夹太大，无法全部查看</translation>
    </message>
    <message>
        <source>{path} was only looked through in part.</source>
        <translation>只查看了 {path} 的一部分。</translation>
    </message>
    <message>
        <source>Choose a folder further below.</source>
        <translation>请选择更下层的文件夹。</translation>
    </message>
    <message>
        <source>A folder cannot be read</source>
        <translation>有文件夹无法读取</translation>
    </message>
    <message>
        <source>{path} cannot be opened.</source>
        <translation>无法打开 {path}。</translation>
    </message>
    <message>
        <source>Check its permissions and that its disk is connected.</source>
        <translation>请检查其权限以及磁盘是否已连接。</translation>
    </message>
    <message>
        <source>Download config.json of the model again.</source>
        <translation>请重新下载该模型的 config.json。</translation>
    </message>
    <message>
        <source>This entry of the breach log cannot be kept</source>
        <translation>此泄露记录无法保存</translation>
    </message>
    <message>
        <source>Give it a title, a time that has passed, and texts of at most 64 KB.</source>
        <translation>请填写标题、已过去的时间，文字不超过 64 KB。</translation>
    </message>
    <message>
        <source>This entry of the breach log is not there</source>
        <translation>没有这条泄露记录</translation>
    </message>
    <message>
        <source>Open the page again.</source>
        <translation>请重新打开页面。</translation>
    </message>
    <message>
        <source>These privacy rules cannot be used</source>
        <translation>这些隐私规则不可用</translation>
    </message>
    <message>
        <source>Epsilon lies above 0 and is at most 10.</source>
        <translation>ε 须大于 0 且不超过 10。</translation>
    </message>
    <message>
        <source>{value} days cannot be a rule</source>
        <translation>{value} 天不能作为规则</translation>
    </message>
    <message>
        <source>Things can be kept for 1 to 36500 days.</source>
        <translation>可保存 1 至 36500 天。</translation>
    </message>
    <message>
        <source>Choose another number, or keep them without limit.</source>
        <translation>请选择其他数字，或不设期限。</translation>
    </message>
    <message>
        <source>They were forgotten by the rule for how long counts stay.</source>
        <translation>它们已按计数的保存规则删除。</translation>
    </message>
    <message>
        <source>Release figures before the counts are forgotten.</source>
        <translation>请在计数被删除之前发布数字。</translation>
    </message>
    <message>
        <source>This cannot be refused</source>
        <translation>此项不能拒绝</translation>
    </message>
    <message>
        <source>Who does not want it can have their profile erased.</source>
        <translation>不愿意的人可以要求抹除其档案。</translation>
    </message>
    <message>
        <source>This is no backup of these chats</source>
        <translation>这不是这些对话的备份</translation>
    </message>
    <message>
        <source>{path}</source>
        <translation>{path}</translation>
    </message>
    <message>
        <source>Choose one from the list.</source>
        <translation>请从列表中选择。</translation>
    </message>
    <message>
        <source>Nothing can be read from the damaged history</source>
        <translation>损坏的历史记录中无法读出任何内容</translation>
    </message>
    <message>
        <source>Put a backup back, or begin anew; the damaged file stays where it is.</source>
        <translation>请恢复备份，或重新开始；损坏的文件保持不动。</translation>
    </message>
    <message>
        <source>The file with chats is damaged</source>
        <translation>对话文件已损坏</translation>
    </message>
    <message>
        <source>It is no complete JSON text (at byte {offset}). No chat was added.</source>
        <translation>它不是完整的 JSON 文本（在第 {offset} 字节处）。没有添加任何对话。</translation>
    </message>
    <message>
        <source>Export the chats again, or copy the file again from where it came.</source>
        <translation>请重新导出对话，或从来源处重新复制文件。</translation>
    </message>
    <message>
        <source>There are no chats of Hearth in this file</source>
        <translation>此文件中没有 Hearth 的对话</translation>
    </message>
    <message>
        <source>It is no export of chats. No chat was added.</source>
        <translation>它不是导出的对话。没有添加任何对话。</translation>
    </message>
    <message>
        <source>Choose a file that “Export” of a chat wrote as JSON or sealed.</source>
        <translation>请选择由对话的“导出”写成的 JSON 或加密文件。</translation>
    </message>
    <message>
        <source>The file is of a newer Hearth</source>
        <translation>此文件来自较新的 Hearth</translation>
    </message>
    <message>
        <source>It has version {found}; this program reads up to version {known}. No chat was added.</source>
        <translation>它的版本是 {found}；本程序最多能读取版本 {known}。没有添加任何对话。</translation>
    </message>
    <message>
        <source>Install the newer version of Hearth.</source>
        <translation>请安装较新版本的 Hearth。</translation>
    </message>
    <message>
        <source>It is {detail}, which no export is. No chat was added.</source>
        <translation>导出文件不会这样（{detail}）。没有添加任何对话。</translation>
    </message>
    <message>
        <source>A value cannot be used ({detail}). No chat was added.</source>
        <translation>有一个值无法使用（{detail}）。没有添加任何对话。</translation>
    </message>
    <message>
        <source>Export the chats again, or put right what is named here.</source>
        <translation>请重新导出对话，或改正这里指出的内容。</translation>
    </message>
    <message>
        <source>The file is too large for chats</source>
        <translation>文件太大，不会是对话</translation>
    </message>
    <message>
        <source>It has {found:bytes}; at most {most:bytes} are read.</source>
        <translation>它有 {found:bytes}；最多读取 {most:bytes}。</translation>
    </message>
    <message>
        <source>Choose a file that “Export” of a chat wrote.</source>
        <translation>请选择由对话的“导出”写成的文件。</translation>
    </message>
    <message>
        <source>There are no chats to back up yet</source>
        <translation>还没有可以备份的对话</translation>
    </message>
    <message>
        <source>The file of your chats is made when you open them for the first time.</source>
        <translation>对话文件在您第一次打开对话时建立。</translation>
    </message>
    <message>
        <source>Open the chat page, then try again.</source>
        <translation>请先打开对话页，再试一次。</translation>
    </message>
    <message>
        <source>The privacy budget of this month is not enough</source>
        <translation>本月的隐私预算不够</translation>
    </message>
    <message>
        <source>A week of figures costs ε {needed}, and ε {spent} of {budget} of its month are spent. Every figure tells a little about everybody; no more are released, so that nobody can be picked out. Nothing was spent.</source>
        <translation>一周的数字需要 ε {needed}，而所属月份的预算 {budget} 已用去 ε {spent}。每个数字都会透露一点每个人的信息；因此不再发布，以免有人被辨认出来。本次没有消耗任何预算。</translation>
    </message>
    <message>
        <source>Weeks of the next month have a budget of their own. Figures that were released stay visible.</source>
        <translation>下个月的各周有自己的预算。已发布的数字仍可查看。</translation>
    </message>
    <message>
        <source>Counts of this week are gone</source>
        <translation>这一周的计数已被删除</translation>
    </message>
    <message>
        <source>This week is not over yet</source>
        <translation>这一周还没有结束</translation>
    </message>
    <message>
        <source>Figures are released once, for a whole week from Monday to Sunday (UTC).</source>
        <translation>数字按整周（周一至周日，UTC）一次性发布。</translation>
    </message>
    <message>
        <source>Look again next week.</source>
        <translation>请下周再来查看。</translation>
    </message>
    <message>
        <source>This download waits for the person who began it</source>
        <translation>此下载在等待发起它的人</translation>
    </message>
    <message>
        <source>The hub gives the file only with their access, which nobody else may use.</source>
        <translation>站点只凭其访问权限给出该文件，别人不得使用。</translation>
    </message>
    <message>
        <source>It goes on when they sign in. “Go on” fetches it with your own access instead.</source>
        <translation>对方登录后会继续。点“继续”则改用您自己的权限下载。</translation>
    </message>
    <message>
        <source>This model cannot be sealed</source>
        <translation>此模型无法加密</translation>
    </message>
    <message>
        <source>It lies in {files} files; only one that is in a single file can be.</source>
        <translation>它由 {files} 个文件组成；只有单个文件的模型才能加密。</translation>
    </message>
    <message>
        <source>Merge them first (hearthctl merge), and take in the file that is made.</source>
        <translation>请先合并（hearthctl merge），再导入生成的文件。</translation>
    </message>
    <message>
        <source>This model is sealed already</source>
        <translation>此模型已加密</translation>
    </message>
    <message>
        <source>{path} is encrypted.</source>
        <translation>{path} 已加密。</translation>
    </message>
    <message>
        <source>To seal it with another key, make it readable first.</source>
        <translation>要改用另一把密钥，请先恢复为可读。</translation>
    </message>
    <message>
        <source>This version is sealed</source>
        <translation>此版本已加密</translation>
    </message>
    <message>
        <source>{path} is encrypted, and jobs read files as they lie on the disk.</source>
        <translation>{path} 已加密，而任务只能读取磁盘上未加密的文件。</translation>
    </message>
    <message>
        <source>Make it readable first, in the model&apos;s details under Files.</source>
        <translation>请先在模型详情的“文件”中恢复为可读。</translation>
    </message>
    <message>
        <source>This model is not sealed</source>
        <translation>此模型没有加密</translation>
    </message>
    <message>
        <source>{path} can be read as it is.</source>
        <translation>{path} 本来就可读。</translation>
    </message>
    <message>
        <source>A program has the model open</source>
        <translation>有程序正打开此模型</translation>
    </message>
    <message>
        <source>{path} would be overwritten under its hands. Nothing was changed.</source>
        <translation>{path} 会在使用中被覆写。没有任何改动。</translation>
    </message>
    <message>
        <source>Eject the model in the chat, and end other programs that use it; then try again.</source>
        <translation>请在对话页弹出该模型，并结束使用它的其他程序，然后重试。</translation>
    </message>
    <message>
        <source>The sealed file did not read like the original</source>
        <translation>加密后的文件与原文件不符</translation>
    </message>
    <message>
        <source>It was thrown away, and the readable one was kept.</source>
        <translation>它已被丢弃，可读的文件保留未动。</translation>
    </message>
    <message>
        <source>The name of {file} does not tell what the other parts are called.</source>
        <translation>从 {file} 的名称看不出其他部分叫什么。</translation>
    </message>
    <message>
        <source>Choose a quantisation whose parts are numbered in their names, or download all parts and choose the first one.</source>
        <translation>请选择各部分名称带编号的量化版本，或下载全部部分后选择第一个。</translation>
    </message>
    <message>
        <source>The two versions read text differently</source>
        <translation>两个版本切分文字的方式不同</translation>
    </message>
    <message>
        <source>Their tokenisers differ ({part}). Their probabilities are of different texts, so a divergence between them would mean nothing.</source>
        <translation>它们的分词器不同（{part}）。两者的概率针对的是不同的文字，比较得出的散度没有意义。</translation>
    </message>
    <message>
        <source>Compare it with a version that was made from the same files.</source>
        <translation>请与由相同文件制作的版本比较。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ExportDialog</name>
    <message>
        <source>Export everything about me</source>
        <translation>导出关于我的一切</translation>
    </message>
    <message>
        <source>Sealed with a password</source>
        <translation>用密码加密</translation>
    </message>
    <message>
        <source>Readable</source>
        <translation>可读</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The file opens only with this password. Nobody can find it out for you.</source>
        <translation>文件只能用此密码打开。没有人能替您找回密码。</translation>
    </message>
    <message>
        <source>Everybody who gets the file can read all your chats. Keep it in a safe place, and delete it when it is not needed any more.</source>
        <translation>拿到文件的任何人都能阅读您的全部对话。请妥善保存，不再需要时删除。</translation>
    </message>
    <message>
        <source>What the copy is for</source>
        <translation>副本的用途</translation>
    </message>
    <message>
        <source>Protection</source>
        <translation>保护方式</translation>
    </message>
    <message>
        <source>Data for programs</source>
        <translation>供程序使用的数据</translation>
    </message>
    <message>
        <source>Document to read</source>
        <translation>供阅读的文档</translation>
    </message>
    <message>
        <source>A document (Markdown) with the versions of your chats that you see.</source>
        <translation>一份 Markdown 文档，包含您所看到的对话版本。</translation>
    </message>
    <message>
        <source>JSON with every branch of your chats. Hearth can take them in again.</source>
        <translation>JSON，包含对话的所有分支。Hearth 可以重新导入。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::FiguresCard</name>
    <message>
        <source>Usage figures</source>
        <translation>使用统计</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Models loaded</source>
        <translation>加载模型</translation>
    </message>
    <message>
        <source>Sums over everybody who agreed, with noise that hides each person. They are released for a whole week at once; a week that was released is shown again unchanged and costs nothing more.</source>
        <translation>对所有同意者求和，并加入噪声以隐藏每个人。按整周一次发布；已发布的一周会原样再次显示，不再消耗预算。</translation>
    </message>
    <message>
        <source>Earlier week</source>
        <translation>前一周</translation>
    </message>
    <message>
        <source>Later week</source>
        <translation>后一周</translation>
    </message>
    <message>
        <source>Release this week…</source>
        <translation>发布这一周…</translation>
    </message>
    <message>
        <source>Privacy budget of %1: ε %2 of %3 spent</source>
        <translation>%1 的隐私预算：ε 已用 %2，共 %3</translation>
    </message>
    <message>
        <source>This week was released; looking at it costs nothing.</source>
        <translation>这一周已发布；查看不消耗预算。</translation>
    </message>
    <message>
        <source>Not released. All figures of this week together cost ε %1; then ε %2 of the month are left.</source>
        <translation>尚未发布。这一周的全部数字共需 ε %1；之后该月还剩 ε %2。</translation>
    </message>
    <message>
        <source>Not released, and it cannot be any more: it costs ε %1, and only ε %2 of the month are left.</source>
        <translation>尚未发布，且已无法发布：需要 ε %1，而该月只剩 ε %2。</translation>
    </message>
    <message>
        <source>Release the figures of %1?</source>
        <translation>要发布 %1 的数字吗？</translation>
    </message>
    <message>
        <source>This spends ε %1 of the privacy budget of %2 for everybody, of which ε %3 of %4 are spent. It cannot be taken back.</source>
        <translation>这会为所有人消耗 %2 的隐私预算中的 ε %1（共 %4，已用 ε %3）。此操作无法撤销。</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Seconds computed</source>
        <translation>计算秒数</translation>
    </message>
    <message>
        <source>An answer of this week on average</source>
        <translation>本周一条回答的平均值</translation>
    </message>
    <message>
        <source>%1 ± %2</source>
        <translation>%1 ± %2</translation>
    </message>
    <message>
        <source>hidden by the noise: too few answers</source>
        <translation>被噪声掩盖：回答太少</translation>
    </message>
    <message>
        <source>Length in tokens</source>
        <translation>长度（词元）</translation>
    </message>
    <message>
        <source>Time in seconds</source>
        <translation>用时（秒）</translation>
    </message>
    <message>
        <source>Other models</source>
        <translation>其他模型</translation>
    </message>
    <message>
        <source>What one person adds to a week is bounded for each measure, and the noise is a discrete Laplace distribution: whether a person took part in a week changes the chance of anything that is shown here by a factor of at most e to the week&apos;s epsilon, and in a whole month of at most e to the month&apos;s budget. Figures can be negative; ± is the standard deviation of the noise: in small groups figures are mostly noise. A week belongs to the month of its Thursday (UTC).</source>
        <translation>每个人每周对每项指标的贡献都有上限，噪声服从离散拉普拉斯分布：某人某周是否参与，最多只会使这里所显示的任何结果的概率变为原来的 e 的（该周 ε）次方倍；整个月最多为 e 的（月预算）次方倍。数字可能为负；“±”是噪声的标准差：人数少时数字大部分是噪声。一周归属于其星期四所在的月份（UTC）。</translation>
    </message>
    <message>
        <source>Loads by model in this week, each ± %1</source>
        <translation>本周各模型的加载次数，每个 ± %1</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) with fewer loads: hearthctl privacy figures lists them.</source>
        <translation>
            <numerusform>另有 %n 个加载次数较少的模型：可用 hearthctl privacy figures 查看。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::FileFitCard</name>
    <message>
        <source>Another model file</source>
        <translation>另一个模型文件</translation>
    </message>
    <message>
        <source>A GGUF file on this machine, or the address of one on Hugging Face, a mirror or ModelScope: only its header is fetched, a few megabytes.</source>
        <translation>本机上的 GGUF 文件，或 Hugging Face、其镜像及 ModelScope 上文件的地址：只读取文件头，几 MB。</translation>
    </message>
    <message>
        <source>File or https://… address</source>
        <translation>文件或 https://… 地址</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Predict</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Reading the header</source>
        <translation>正在读取文件头</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>模型 (*.gguf)</translation>
    </message>
</context>
<context>
    <name>hearth::gui::FitCard</name>
    <message>
        <source>Which models fit this machine</source>
        <translation>哪些模型适合这台机器</translation>
    </message>
    <message>
        <source>Find a model</source>
        <translation>查找模型</translation>
    </message>
    <message>
        <source>For everything</source>
        <translation>所有用途</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Context %1</source>
        <translation>上下文 %1</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Only what fits</source>
        <translation>只看放得下的</translation>
    </message>
    <message>
        <source>Nothing has been measured yet, so only the memory is known. Measure to see speeds.</source>
        <translation>还没有测量过，所以只知道内存。测量后即可看到速度。</translation>
    </message>
    <message>
        <source>The list of models was updated</source>
        <translation>模型列表已更新</translation>
    </message>
    <message numerus="yes">
        <source>The file describes %n model(s).</source>
        <translation>
            <numerusform>该文件描述了 %n 个模型。</numerusform>
        </translation>
    </message>
    <message>
        <source>Update the list of models</source>
        <translation>更新模型列表</translation>
    </message>
    <message>
        <source>Lists of models (*.json)</source>
        <translation>模型列表 (*.json)</translation>
    </message>
    <message>
        <source>Predicted tokens per second for an answer, from what was measured here; what does not fit shows the memory it needs, grey is a kind that Hearth does not run yet. Choose a field to see the arithmetic, a heading to sort.</source>
        <translation>预计解码速度（词元/秒），由本机实测推算；放不下的显示所需内存，灰色为 Hearth 尚不支持的种类。点击任一格查看算式，点击表头排序。</translation>
    </message>
    <message>
        <source>Update from a file…</source>
        <translation>从文件更新…</translation>
    </message>
    <message>
        <source>Built-in list again</source>
        <translation>恢复内置列表</translation>
    </message>
    <message>
        <source>List of %1 models, with yours, of %2.</source>
        <translation>列表含 %1 个模型（包括您添加的），日期 %2。</translation>
    </message>
    <message>
        <source>List of %1 models of %2.</source>
        <translation>列表含 %1 个模型，日期 %2。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::FitDetail</name>
    <message>
        <source>Memory together</source>
        <translation>内存合计</translation>
    </message>
    <message>
        <source>with a context of %1 tokens</source>
        <translation>上下文 %1 词元</translation>
    </message>
    <message>
        <source>With %1</source>
        <translation>使用 %1</translation>
    </message>
    <message>
        <source>%1 % of the weights on it; estimated from data sheets, not measured</source>
        <translation>其上放置 %1% 的权重；依据规格估算，未经实测</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 词元/秒</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>下载中</translation>
    </message>
    <message>
        <source>a file of %1</source>
        <translation>文件 %1</translation>
    </message>
    <message>
        <source>One token: %1</source>
        <translation>每个词元：%1</translation>
    </message>
    <message>
        <source>Corrected by real answers</source>
        <translation>按实际回答修正</translation>
    </message>
    <message numerus="yes">
        <source>what %n answer(s) on this machine took</source>
        <translation>
            <numerusform>依据本机 %n 次回答的用时</numerusform>
        </translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>estimated from another type of weights</source>
        <translation>由另一种权重类型估计</translation>
    </message>
    <message>
        <source>after %1 tokens</source>
        <translation>前面已有 %1 词元时</translation>
    </message>
    <message>
        <source>512 tokens of a prompt: %1</source>
        <translation>512 个提示词元：%1</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>读取提示词</translation>
    </message>
    <message>
        <source>First word</source>
        <translation>第一个词</translation>
    </message>
    <message>
        <source>of an answer to 512 tokens</source>
        <translation>提示词为 512 词元时</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>加载</translation>
    </message>
</context>
<context>
    <name>hearth::gui::FitMatrixModel</name>
    <message>
        <source>%1 tokens per second</source>
        <translation>每秒 %1 词元</translation>
    </message>
    <message>
        <source>needs %1</source>
        <translation>需要 %1</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>not supported</source>
        <translation>不支持</translation>
    </message>
    <message>
        <source>not supported, would need %1</source>
        <translation>不支持，需要 %1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::GuideLinks</name>
    <message>
        <source>Open Settings</source>
        <translation>打开设置</translation>
    </message>
    <message>
        <source>Open About</source>
        <translation>打开关于</translation>
    </message>
    <message>
        <source>Copy “%1”</source>
        <translation>复制“%1”</translation>
    </message>
</context>
<context>
    <name>hearth::gui::GuideWelcome</name>
    <message>
        <source>What can you do?</source>
        <translation>你能做什么？</translation>
    </message>
    <message>
        <source>How do I open a model?</source>
        <translation>怎么打开模型？</translation>
    </message>
    <message>
        <source>How big a model can I run?</source>
        <translation>我的电脑能跑多大的模型？</translation>
    </message>
    <message>
        <source>What is quantisation?</source>
        <translation>什么是量化？</translation>
    </message>
    <message>
        <source>Ask: %1</source>
        <translation>提问：%1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::HardwareFacts</name>
    <message>
        <source>This machine</source>
        <translation>这台机器</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 位</translation>
    </message>
    <message>
        <source>updates until %1</source>
        <translation>更新至 %1</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>内核</translation>
    </message>
    <message>
        <source>Runs in</source>
        <translation>运行于</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>%1 sockets</source>
        <translation>%1 个插槽</translation>
    </message>
    <message>
        <source>%1 threads</source>
        <translation>%1 线程</translation>
    </message>
    <message>
        <source>%1 memory nodes</source>
        <translation>%1 个内存节点</translation>
    </message>
    <message>
        <source>up to %1 GHz</source>
        <translation>最高 %1 GHz</translation>
    </message>
    <message>
        <source>power mode %1</source>
        <translation>调频策略 %1</translation>
    </message>
    <message>
        <source>Graphics</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>driver %1</source>
        <translation>驱动 %1</translation>
    </message>
    <message>
        <source>compute capability %1</source>
        <translation>计算能力 %1</translation>
    </message>
    <message>
        <source>Accelerator</source>
        <translation>加速器</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>交换空间</translation>
    </message>
    <message>
        <source>%1, %2 free</source>
        <translation>%1，空闲 %2</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Disk for %1</source>
        <translation>磁盘（%1）</translation>
    </message>
    <message>
        <source>%1 of %2 free</source>
        <translation>空闲 %1，共 %2</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>%1 Mbit/s</source>
        <translation>%1 Mbit/s</translation>
    </message>
</context>
<context>
    <name>hearth::gui::HardwareOverview</name>
    <message numerus="yes">
        <source>%n core(s)</source>
        <translation>
            <numerusform>%n 核</numerusform>
        </translation>
    </message>
    <message>
        <source>limited to %1 processors</source>
        <translation>限用 %1 个处理器</translation>
    </message>
    <message>
        <source>of %1 in the machine</source>
        <translation>机器共 %1 核</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>level 3 cache %1</source>
        <translation>三级缓存 %1</translation>
    </message>
    <message>
        <source>%1 free now</source>
        <translation>现在空闲 %1</translation>
    </message>
    <message>
        <source>free now: %1</source>
        <translation>空闲：%1</translation>
    </message>
    <message>
        <source>limit of this container; the machine has %1</source>
        <translation>此为容器上限，机器共 %1</translation>
    </message>
    <message>
        <source>reads %1</source>
        <translation>读取 %1</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Graphics</source>
        <translation>显卡</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 块</numerusform>
        </translation>
    </message>
    <message>
        <source>None found</source>
        <translation>未发现</translation>
    </message>
    <message>
        <source>a software rasteriser does not count</source>
        <translation>软件光栅器不计入</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>%1 free</source>
        <translation>空闲 %1</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>只读</translation>
    </message>
</context>
<context>
    <name>hearth::gui::HardwarePage</name>
    <message>
        <source>The report was written</source>
        <translation>报告已写出</translation>
    </message>
    <message>
        <source>It is signed: &quot;hearthctl report verify&quot; tells whether anything in it was changed.</source>
        <translation>报告已签名：“hearthctl report verify”可检查内容是否被改动。</translation>
    </message>
    <message>
        <source>Export the hardware report</source>
        <translation>导出硬件报告</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Web page (HTML)…</source>
        <translation>网页（HTML）…</translation>
    </message>
    <message>
        <source>Text (Markdown)…</source>
        <translation>文本（Markdown）…</translation>
    </message>
    <message>
        <source>Data (JSON)…</source>
        <translation>数据（JSON）…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>重新测量</translation>
    </message>
    <message>
        <source>Takes about 20 seconds</source>
        <translation>约需 20 秒</translation>
    </message>
    <message>
        <source>Measured %1</source>
        <translation>测量于 %1</translation>
    </message>
    <message>
        <source>Slower than last time</source>
        <translation>比上次慢</translation>
    </message>
    <message>
        <source>Getting ready to measure</source>
        <translation>准备测量</translation>
    </message>
    <message>
        <source>Compare with another report</source>
        <translation>与另一份报告比较</translation>
    </message>
    <message>
        <source>Reports (*.json)</source>
        <translation>报告 (*.json)</translation>
    </message>
    <message>
        <source>Hardware capability report</source>
        <translation>硬件能力报告</translation>
    </message>
    <message>
        <source>For printing (PDF)…</source>
        <translation>用于打印 (PDF)…</translation>
    </message>
    <message>
        <source>With serial numbers, addresses, host and user name</source>
        <translation>包含序列号、地址、主机名和用户名</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>比较…</translation>
    </message>
    <message>
        <source>Put the report of another machine, or an older one of this, beside this one</source>
        <translation>把另一台机器或本机较早的报告与此并列</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>快速测量</translation>
    </message>
    <message>
        <source>Measures the usual types of weights only, in about 4 seconds</source>
        <translation>只测量常用的权重类型，约 4 秒</translation>
    </message>
</context>
<context>
    <name>hearth::gui::HardwareWords</name>
    <message>
        <source>Install it if you want to use it: {command}</source>
        <translation>想用时再安装：{command}</translation>
    </message>
    <message>
        <source>Hearth can use it on this machine. Install it: {command}</source>
        <translation>Hearth 在这台机器上可以用到它。安装：{command}</translation>
    </message>
    <message>
        <source>Install it if you want to use it: {url}</source>
        <translation>想用时再安装：{url}</translation>
    </message>
    <message>
        <source>Version {version} works, but {wanted} or newer is advised: {command}</source>
        <translation>版本 {version} 可用，建议 {wanted} 或更新：{command}</translation>
    </message>
    <message>
        <source>Version {version} works, but {wanted} or newer is advised: {url}</source>
        <translation>版本 {version} 可用，建议 {wanted} 或更新：{url}</translation>
    </message>
    <message>
        <source>The card is there, but its driver is not loaded. Restart the computer; if that does not help, install the driver again: {command}</source>
        <translation>显卡在，但驱动没有加载。请重启电脑；若无效，请重新安装驱动：{command}</translation>
    </message>
    <message>
        <source>The driver in memory does not answer its library, as happens after an update. Restart the computer.</source>
        <translation>内存中的驱动不响应它的库，更新之后常会如此。请重启电脑。</translation>
    </message>
    <message>
        <source>CUDA {cuda} needs a newer driver: this one supports CUDA up to {supported}. Update the driver: {command}</source>
        <translation>CUDA {cuda} 需要更新的驱动：当前驱动最高支持 CUDA {supported}。更新驱动：{command}</translation>
    </message>
    <message>
        <source>Vulkan finds only a software device. For the graphics card install its driver: {command}</source>
        <translation>Vulkan 只找到软件设备。请为显卡安装驱动：{command}</translation>
    </message>
    <message>
        <source>The Vulkan loader is there, but no driver for it: {command}</source>
        <translation>有 Vulkan 加载器，但没有驱动：{command}</translation>
    </message>
    <message>
        <source>The program is there, but its service does not answer: {command}</source>
        <translation>程序在，但它的服务没有响应：{command}</translation>
    </message>
    <message>
        <source>The service refuses this account. Join its group and sign in again: {command}</source>
        <translation>服务拒绝了此账户。加入它的用户组后重新登录：{command}</translation>
    </message>
    <message>
        <source>The program did not answer in time. Run it in a terminal to see why: {command}</source>
        <translation>程序没有及时响应。请在终端中运行查看原因：{command}</translation>
    </message>
    <message>
        <source>The program ends with an error. Run it in a terminal to see why: {command}</source>
        <translation>程序出错退出。请在终端中运行查看原因：{command}</translation>
    </message>
    <message>
        <source>Security updates ended on {date}. Upgrade to a supported release.</source>
        <translation>安全更新已于 {date} 结束。请升级到受支持的版本。</translation>
    </message>
    <message>
        <source>Install a 64-bit system: 32-bit programs cannot hold larger models.</source>
        <translation>请安装 64 位系统：32 位程序放不下较大的模型。</translation>
    </message>
    <message>
        <source>The processor&apos;s power mode was {before} and is {after} now.</source>
        <translation>处理器调频策略由 {before} 变为 {after}。</translation>
    </message>
    <message>
        <source>Other programs were busy at the same time.</source>
        <translation>同时有其他程序在忙。</translation>
    </message>
    <message>
        <source>Other virtual machines on the same computer took {percent} % of the processor.</source>
        <translation>同一台电脑上的其他虚拟机占用了处理器的 {percent} %。</translation>
    </message>
    <message>
        <source>The processor got hot and slowed itself down.</source>
        <translation>处理器过热，自行降速。</translation>
    </message>
    <message>
        <source>The processor ran at {after} MHz instead of {before} MHz.</source>
        <translation>处理器以 {after} MHz 运行，而不是 {before} MHz。</translation>
    </message>
    <message>
        <source>Another instruction set was in use: {after} instead of {before}.</source>
        <translation>使用了另一套指令集：{after}，而不是 {before}。</translation>
    </message>
    <message>
        <source>{after} threads were in use instead of {before}.</source>
        <translation>使用了 {after} 个线程，而不是 {before} 个。</translation>
    </message>
    <message>
        <source>No cause could be seen: power mode, load, clock and temperature are as before.</source>
        <translation>看不出原因：调频策略、负载、频率和温度与之前相同。</translation>
    </message>
    <message>
        <source>It needs {needed_bytes} of memory; this machine has {available_bytes}.</source>
        <translation>需要 {needed_bytes} 内存，这台机器有 {available_bytes}。</translation>
    </message>
    <message>
        <source>It needs {needed_bytes} of memory; {available_bytes} are free now. It fits when other programs are closed.</source>
        <translation>需要 {needed_bytes} 内存，现在空闲 {available_bytes}。关闭其他程序后放得下。</translation>
    </message>
    <message>
        <source>It takes {percent} % of the free memory.</source>
        <translation>占用空闲内存的 {percent} %。</translation>
    </message>
    <message>
        <source>It writes {tps} tokens a second, slower than people read.</source>
        <translation>每秒写出 {tps} 个词元，慢于人的阅读速度。</translation>
    </message>
    <message>
        <source>The first word of an answer takes {seconds} seconds.</source>
        <translation>回答的第一个词要等 {seconds} 秒。</translation>
    </message>
    <message>
        <source>Hearth does not run models of the kind {family} yet.</source>
        <translation>Hearth 还不能运行 {family} 类的模型。</translation>
    </message>
    <message>
        <source>It takes {percent} % of the free memory and writes {tps} tokens a second.</source>
        <translation>占用空闲内存的 {percent} %，每秒写出 {tps} 个词元。</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Buffers</source>
        <translation>缓冲区</translation>
    </message>
    <message>
        <source>Working memory</source>
        <translation>工作内存</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>词表</translation>
    </message>
    <message>
        <source>Looking back</source>
        <translation>回看上文</translation>
    </message>
    <message>
        <source>Starting threads</source>
        <translation>启动线程</translation>
    </message>
    <message>
        <source>Small operations</source>
        <translation>零散运算</translation>
    </message>
    <message>
        <source>Choosing the word</source>
        <translation>选词</translation>
    </message>
    <message>
        <source>Memory of {bytes}</source>
        <translation>内存增至 {bytes}</translation>
    </message>
    <message>
        <source>Memory that reads {gbps} GB/s</source>
        <translation>读取 {gbps} GB/s 的内存</translation>
    </message>
    <message>
        <source>A disk that reads {gbps} GB/s</source>
        <translation>读取 {gbps} GB/s 的磁盘</translation>
    </message>
    <message>
        <source>A graphics card with {bytes}</source>
        <translation>显存 {bytes} 的显卡</translation>
    </message>
    <message>
        <source>Reading memory with one to all cores</source>
        <translation>用一个到全部核心读内存</translation>
    </message>
    <message>
        <source>Reading working sets of different sizes</source>
        <translation>读取不同大小的工作集</translation>
    </message>
    <message>
        <source>Computing with weights of each type</source>
        <translation>用各类型权重计算</translation>
    </message>
    <message>
        <source>Looking back over a long context</source>
        <translation>回看长上下文</translation>
    </message>
    <message>
        <source>Reading from the disk</source>
        <translation>读磁盘</translation>
    </message>
    <message>
        <source>unknown: the system does not say</source>
        <translation>未知：系统没有说明</translation>
    </message>
    <message>
        <source>unknown: nothing here tells</source>
        <translation>未知：这里没有相关信息</translation>
    </message>
    <message>
        <source>unknown: not readable for this account</source>
        <translation>未知：此账户无权读取</translation>
    </message>
    <message>
        <source>unknown: the system&apos;s answer makes no sense</source>
        <translation>未知：系统的回答没有意义</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>已略去</translation>
    </message>
    <message>
        <source>unknown: the vendor&apos;s library is not installed</source>
        <translation>未知：厂商的库没有安装</translation>
    </message>
    <message>
        <source>unknown: the driver does not answer</source>
        <translation>未知：驱动没有响应</translation>
    </message>
    <message>
        <source>unknown: no answer in time</source>
        <translation>未知：没有及时响应</translation>
    </message>
    <message>
        <source>Hard disk</source>
        <translation>机械硬盘</translation>
    </message>
    <message>
        <source>Memory card</source>
        <translation>存储卡</translation>
    </message>
    <message>
        <source>Virtual disk</source>
        <translation>虚拟磁盘</translation>
    </message>
    <message>
        <source>Network drive</source>
        <translation>网络驱动器</translation>
    </message>
    <message>
        <source>In memory</source>
        <translation>在内存中</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>chats and settings</source>
        <translation>对话与设置</translation>
    </message>
    <message>
        <source>wired</source>
        <translation>有线</translation>
    </message>
    <message>
        <source>wireless</source>
        <translation>无线</translation>
    </message>
    <message>
        <source>virtual</source>
        <translation>虚拟</translation>
    </message>
    <message>
        <source>graphics card</source>
        <translation>独立显卡</translation>
    </message>
    <message>
        <source>in the processor</source>
        <translation>集成在处理器中</translation>
    </message>
    <message>
        <source>virtual display</source>
        <translation>虚拟显示</translation>
    </message>
    <message>
        <source>software, not a GPU</source>
        <translation>软件，不是 GPU</translation>
    </message>
    <message>
        <source>of unknown kind</source>
        <translation>种类未知</translation>
    </message>
    <message>
        <source>container (%1)</source>
        <translation>容器（%1）</translation>
    </message>
    <message>
        <source>virtual machine</source>
        <translation>虚拟机</translation>
    </message>
    <message>
        <source>virtual machine (%1)</source>
        <translation>虚拟机（%1）</translation>
    </message>
    <message>
        <source>Fine</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Old</source>
        <translation>过旧</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺少</translation>
    </message>
    <message>
        <source>Optional</source>
        <translation>可选</translation>
    </message>
    <message>
        <source>Does not match</source>
        <translation>不匹配</translation>
    </message>
    <message>
        <source>Does not work</source>
        <translation>不工作</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Classification</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Long documents</source>
        <translation>长文档</translation>
    </message>
    <message>
        <source>Comfortable</source>
        <translation>宽裕</translation>
    </message>
    <message>
        <source>Tight</source>
        <translation>紧张</translation>
    </message>
    <message>
        <source>Does not fit</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>Memory bandwidth</source>
        <translation>内存带宽</translation>
    </message>
    <message>
        <source>Answering with %1 weights</source>
        <translation>用 %1 权重回答</translation>
    </message>
    <message>
        <source>Reading prompts with %1 weights</source>
        <translation>用 %1 权重读提示词</translation>
    </message>
    <message>
        <source>Disk, small pieces</source>
        <translation>磁盘，零散读取</translation>
    </message>
    <message>
        <source>Disk, whole files</source>
        <translation>磁盘，顺序读取</translation>
    </message>
    <message>
        <source>Downloading for a few seconds; nothing is kept</source>
        <translation>正在下载几秒；不保留任何内容</translation>
    </message>
    <message>
        <source>{parameters} parameters × {bits} bits ÷ 8</source>
        <translation>{parameters} 个参数 × {bits} 位 ÷ 8</translation>
    </message>
    <message>
        <source>{layers} layers × {heads} heads × {cell} bytes × {positions} positions</source>
        <translation>{layers} 层 × {heads} 头 × {cell} 字节 × {positions} 个位置</translation>
    </message>
    <message>
        <source>{layers} layers × {heads} heads × {cell} bytes × {positions} positions + {windowed_layers} layers × {heads} heads × {cell} bytes × {windowed_positions} positions</source>
        <translation>{layers} 层 × {heads} 头 × {cell} 字节 × {positions} 个位置 + {windowed_layers} 层 × {heads} 头 × {cell} 字节 × {windowed_positions} 个位置</translation>
    </message>
    <message>
        <source>{rows} rows of a step, rotary tables of {positions} positions, logits of {tokens} tokens</source>
        <translation>每步 {rows} 行、{positions} 个位置的旋转表、{tokens} 个词元的 logits</translation>
    </message>
    <message>
        <source>quantised inputs, and work space of {threads} threads</source>
        <translation>量化后的输入与 {threads} 个线程的工作区</translation>
    </message>
    <message>
        <source>{tokens} tokens × {bytes} bytes</source>
        <translation>{tokens} 个词元 × {bytes} 字节</translation>
    </message>
    <message>
        <source>{gigabytes} GB at {rate} GB/s</source>
        <translation>{gigabytes} GB，速度 {rate} GB/s</translation>
    </message>
    <message>
        <source>{cells} cells of {bytes} bytes</source>
        <translation>{cells} 个单元，每个 {bytes} 字节</translation>
    </message>
    <message>
        <source>{count} × {micros} µs</source>
        <translation>{count} × {micros} 微秒</translation>
    </message>
    <message>
        <source>{count} elements</source>
        <translation>{count} 个元素</translation>
    </message>
    <message>
        <source>{tokens} tokens × {millis} ms</source>
        <translation>{tokens} 个词元 × {millis} 毫秒</translation>
    </message>
    <message>
        <source>{cells} cells × {products} products</source>
        <translation>{cells} 个单元 × {products} 次乘法</translation>
    </message>
    <message>
        <source>logits of the last token</source>
        <translation>最后一个词元的 logits</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Cores</source>
        <translation>核心</translation>
    </message>
    <message>
        <source>Usable cores</source>
        <translation>可用核心</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Free memory</source>
        <translation>空闲内存</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Instruction set of the kernels</source>
        <translation>计算内核的指令集</translation>
    </message>
    <message>
        <source>Models and quantisations that fit comfortably</source>
        <translation>可宽裕运行的模型与量化</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Red Hat family</source>
        <translation>Red Hat 系列</translation>
    </message>
    <message>
        <source>another system</source>
        <translation>其他系统</translation>
    </message>
    <message>
        <source>%1: %2 % slower</source>
        <translation>%1：慢 %2%</translation>
    </message>
    <message>
        <source>%1: %2 % faster</source>
        <translation>%1：快 %2%</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) ago</source>
        <translation>
            <numerusform>%n 分钟前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s) ago</source>
        <translation>
            <numerusform>%n 小时前</numerusform>
        </translation>
    </message>
    <message>
        <source>models (folder %1)</source>
        <translation>模型（第 %1 个文件夹）</translation>
    </message>
    <message>
        <source>none</source>
        <comment>instruction set</comment>
        <translation>无</translation>
    </message>
    <message>
        <source>It needs {needed_bytes} of memory; how much this machine has could not be told.</source>
        <translation>需要 {needed_bytes} 内存；无法得知本机有多少。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::HistoryCard</name>
    <message>
        <source>Earlier measurements</source>
        <translation>历次测量</translation>
    </message>
    <message>
        <source>Memory bandwidth with all threads, newest last, and what changed by more than %1 % from one to the next.</source>
        <translation>全部线程的内存带宽，最新的在最后；并列出相邻两次之间超过 %1% 的变化。</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>as the one before</source>
        <translation>与前一次相同</translation>
    </message>
</context>
<context>
    <name>hearth::gui::HubDelegates</name>
    <message>
        <source>comfortable</source>
        <translation>宽裕</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>勉强</translation>
    </message>
    <message>
        <source>does not fit</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>%1 downloads</source>
        <translation>下载 %1 次</translation>
    </message>
    <message>
        <source>unknown quantisation</source>
        <translation>量化未知</translation>
    </message>
    <message>
        <source>downloaded</source>
        <translation>已下载</translation>
    </message>
    <message>
        <source>downloading</source>
        <translation>下载中</translation>
    </message>
    <message>
        <source>size unknown</source>
        <translation>大小未知</translation>
    </message>
    <message>
        <source>needs %1 of memory</source>
        <translation>需要 %1 内存</translation>
    </message>
    <message>
        <source>about %1 tokens/s</source>
        <translation>约 %1 词元/秒</translation>
    </message>
    <message numerus="yes">
        <source>%n part(s)</source>
        <translation>
            <numerusform>%n 个部分</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Waiting for its turn</source>
        <translation>排队等待</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Done, verified</source>
        <translation>已完成并通过校验</translation>
    </message>
    <message>
        <source>Verifying</source>
        <translation>校验中</translation>
    </message>
    <message>
        <source>Comparing with a second copy</source>
        <translation>与另一份副本比对</translation>
    </message>
    <message>
        <source>tries again in %1</source>
        <translation>%1后重试</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
    <message>
        <source>nothing comes at the moment</source>
        <translation>目前没有数据到达</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>Asking %1</source>
        <translation>正在询问 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n 个连接</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::HumanText</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
</context>
<context>
    <name>hearth::gui::JobsCard</name>
    <message>
        <source>Reading the calibration text</source>
        <translation>正在读校准文本</translation>
    </message>
    <message>
        <source>Measuring how sensitive each tensor is</source>
        <translation>正在测量每个张量的敏感度</translation>
    </message>
    <message>
        <source>Quantising</source>
        <translation>正在量化</translation>
    </message>
    <message>
        <source>Converting</source>
        <translation>正在转换</translation>
    </message>
    <message>
        <source>Computing the checksum</source>
        <translation>正在计算校验和</translation>
    </message>
    <message>
        <source>Measuring the source</source>
        <translation>正在测量源版本</translation>
    </message>
    <message>
        <source>Measuring the new version</source>
        <translation>正在测量新版本</translation>
    </message>
    <message>
        <source>Asking</source>
        <translation>正在提问</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在开始</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>interrupted; it can go on where it was</source>
        <translation>已中断；可以从中断处继续</translation>
    </message>
    <message>
        <source>Convert a folder</source>
        <translation>转换文件夹</translation>
    </message>
    <message>
        <source>Quantise</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Quantise to %1</source>
        <translation>量化为 %1</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>At work</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>History of jobs</source>
        <translation>任务历史</translation>
    </message>
    <message>
        <source>Nothing has been done with this model yet.</source>
        <translation>还没有对此模型做过任何任务。</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Ask versions</source>
        <translation>向各版本提问</translation>
    </message>
    <message>
        <source>its work so far takes %1 of the disk</source>
        <translation>已完成的部分占用磁盘 %1</translation>
    </message>
    <message>
        <source>Frees %1 of the disk</source>
        <translation>可释放磁盘 %1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::LabelledSlider</name>
    <message>
        <source>Back to the usual value</source>
        <translation>恢复常用值</translation>
    </message>
</context>
<context>
    <name>hearth::gui::LawsCard</name>
    <message>
        <source>Your rights, law by law</source>
        <translation>您的权利：逐部法律</translation>
    </message>
    <message>
        <source>European Union (GDPR), California (CCPA), China (PIPL).</source>
        <translation>欧盟（GDPR）、加利福尼亚（CCPA）、中国（《个人信息保护法》）。</translation>
    </message>
    <message>
        <source>After a breach</source>
        <translation>发生泄露之后</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>权利</translation>
    </message>
    <message>
        <source>How</source>
        <translation>如何行使</translation>
    </message>
</context>
<context>
    <name>hearth::gui::LibraryDelegate</name>
    <message>
        <source>needs %1 of memory</source>
        <translation>需要 %1 内存</translation>
    </message>
    <message>
        <source>context %1</source>
        <translation>上下文 %1</translation>
    </message>
    <message>
        <source>last used: %1</source>
        <translation>上次使用：%1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::LibraryModel</name>
    <message>
        <source>downloaded</source>
        <translation>已下载</translation>
    </message>
    <message>
        <source>converted folder</source>
        <translation>由文件夹转换</translation>
    </message>
    <message>
        <source>quantised here</source>
        <translation>在此量化</translation>
    </message>
    <message>
        <source>trained here</source>
        <translation>在此训练</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>%1, importance matrix</source>
        <translation>%1，重要性矩阵</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>昨天</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>%n 天前</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · default</source>
        <translation>%1 · 默认</translation>
    </message>
    <message>
        <source>%1 t/s</source>
        <translation>%1 t/s</translation>
    </message>
    <message>
        <source>file missing</source>
        <translation>文件缺失</translation>
    </message>
    <message>
        <source>file changed</source>
        <translation>文件已改变</translation>
    </message>
    <message>
        <source>not supported</source>
        <translation>不支持</translation>
    </message>
    <message>
        <source>comfortable</source>
        <translation>宽裕</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>勉强</translation>
    </message>
    <message>
        <source>does not fit</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适合度</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>最近使用</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>家族</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Quantisation</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>sealed</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>%1 · sealed</source>
        <translation>%1 · 已加密</translation>
    </message>
</context>
<context>
    <name>hearth::gui::LockScreen</name>
    <message>
        <source>The accounts were changed</source>
        <translation>账户被改动过</translation>
    </message>
    <message>
        <source>The accounts cannot be opened</source>
        <translation>无法打开账户</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>Hearth is locked</source>
        <translation>Hearth 已锁定</translation>
    </message>
    <message>
        <source>An administrator among them can take them as they are, for example after a copy was put back by hand. It is noted in the audit log.</source>
        <translation>其中的管理员可以按现状接受，例如在手动恢复副本之后。此操作会记入审计日志。</translation>
    </message>
    <message>
        <source>The recovery key is the one that was shown when your profile was made. It opens your chats without the password; choose a new one afterwards.</source>
        <translation>恢复密钥是建立档案时显示的那一串字符。它无需密码即可打开您的对话；之后请设置新密码。</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>档案</translation>
    </message>
    <message>
        <source>Administrator&apos;s name</source>
        <translation>管理员的名字</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Recovery key</source>
        <translation>恢复密钥</translation>
    </message>
    <message>
        <source>Take them as they are</source>
        <translation>按现状接受</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Use the recovery key</source>
        <translation>使用恢复密钥</translation>
    </message>
    <message>
        <source>Use the password</source>
        <translation>使用密码</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message numerus="yes">
        <source>Too many wrong tries. The next one is possible in %n second(s).</source>
        <translation>
            <numerusform>错误次数过多，%n 秒后可以再试。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::MainWindow</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>hearth::gui::MeasuredCards</name>
    <message>
        <source>Memory speed by working set</source>
        <translation>内存速度与工作集</translation>
    </message>
    <message>
        <source>One core reading again and again what fits into each cache, then memory.</source>
        <translation>单核反复读取能放进各级缓存的数据，最后是内存。</translation>
    </message>
    <message>
        <source>Memory, by number of threads</source>
        <translation>内存，按线程数</translation>
    </message>
    <message>
        <source>Speed of Hearth&apos;s own kernels</source>
        <translation>Hearth 自有内核的速度</translation>
    </message>
    <message>
        <source>Weights of each type as an answer streams them, and prompts of 512 tokens.</source>
        <translation>回答时逐个读取各类型权重，以及 512 词元的提示词。</translation>
    </message>
    <message>
        <source>Answering: weights read per second</source>
        <translation>回答：每秒读取的权重</translation>
    </message>
    <message>
        <source>Reading a prompt: operations per second</source>
        <translation>读提示词：每秒运算次数</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message numerus="yes">
        <source>%n thread(s)</source>
        <translation>
            <numerusform>%n 线程</numerusform>
        </translation>
    </message>
    <message>
        <source>Answering with %1, by instruction set</source>
        <translation>用 %1 回答，按指令集</translation>
    </message>
    <message>
        <source>Reading a prompt with %1, by instruction set</source>
        <translation>用 %1 读提示词，按指令集</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelAccessModel</name>
    <message>
        <source>Role: %1</source>
        <translation>角色：%1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelDelegate</name>
    <message>
        <source>Opened lately</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>In your folders</source>
        <translation>文件夹中的模型</translation>
    </message>
    <message>
        <source>Comes with Hearth</source>
        <translation>随 Hearth 提供</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelGuard</name>
    <message>
        <source>Open a sealed model</source>
        <translation>打开加密的模型</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelPickerModel</name>
    <message>
        <source>Hearth Guide (small built-in helper)</source>
        <translation>Hearth 小向导（内置小助手）</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsConvert</name>
    <message>
        <source>Back to all models</source>
        <translation>返回所有模型</translation>
    </message>
    <message>
        <source>Convert a folder</source>
        <translation>转换文件夹</translation>
    </message>
    <message>
        <source>Convert</source>
        <translation>转换</translation>
    </message>
    <message>
        <source>Safetensors to GGUF</source>
        <translation>从 safetensors 到 GGUF</translation>
    </message>
    <message>
        <source>The folder stays as it is; the model that is made of it lies in the library.</source>
        <translation>文件夹保持原样；由它生成的模型存放在模型库中。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Weights as</source>
        <translation>权重格式</translation>
    </message>
    <message>
        <source>F16 suits nearly every model and is the best source for quantising. BF16 keeps very large values, F32 everything at twice the size, Q8_0 half the size at once.</source>
        <translation>F16 几乎适合所有模型，也是量化的最佳来源。BF16 能保留极大的数值，F32 以两倍大小保留一切，Q8_0 直接减半。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsDetails</name>
    <message>
        <source>This version is not what was recorded</source>
        <translation>此版本与记录的不同</translation>
    </message>
    <message>
        <source>A file is missing.</source>
        <translation>有文件缺失。</translation>
    </message>
    <message>
        <source>Its bytes changed since it was taken in: expected %1…, found %2….</source>
        <translation>自入库以来内容已改变：应为 %1…，现为 %2…。</translation>
    </message>
    <message>
        <source>Fetch the file again. If the change was meant, take it as it is now.</source>
        <translation>请重新获取该文件。如果更改是有意的，请接受现在的内容。</translation>
    </message>
    <message>
        <source>Back to all models</source>
        <translation>返回所有模型</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Quantise…</source>
        <translation>量化…</translation>
    </message>
    <message>
        <source>Open in chat</source>
        <translation>在对话中打开</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>对话模板</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>What is shown about the model</source>
        <translation>显示模型的哪些内容</translation>
    </message>
    <message>
        <source>sealed</source>
        <translation>已加密</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsFiles</name>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Verifying reads every byte and compares it with what was recorded.</source>
        <translation>校验会读取每个字节并与记录比较。</translation>
    </message>
    <message>
        <source>Verify now</source>
        <translation>立即校验</translation>
    </message>
    <message>
        <source>Take it as it is now</source>
        <translation>接受现在的内容</translation>
    </message>
    <message>
        <source>Move to…</source>
        <translation>移动到…</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>copied into the library</source>
        <translation>已复制到模型库</translation>
    </message>
    <message>
        <source>hard-linked into the library</source>
        <translation>已硬链接到模型库</translation>
    </message>
    <message>
        <source>made by Hearth</source>
        <translation>由 Hearth 生成</translation>
    </message>
    <message>
        <source>stays where it is</source>
        <translation>留在原处</translation>
    </message>
    <message>
        <source>checksum not computed yet</source>
        <translation>尚未计算校验和</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>已改变</translation>
    </message>
    <message>
        <source>altered since it was recorded</source>
        <translation>自记录以来被改动</translation>
    </message>
    <message>
        <source>verified %1</source>
        <translation>%1 已校验</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>未校验</translation>
    </message>
    <message>
        <source>Where is it?…</source>
        <translation>它在哪里？…</translation>
    </message>
    <message>
        <source>Where is %1?</source>
        <translation>%1 在哪里？</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsList</name>
    <message>
        <source>Only what fits</source>
        <translation>只显示放得下的</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>家族</translation>
    </message>
    <message>
        <source>List</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>Cards</source>
        <translation>卡片</translation>
    </message>
    <message>
        <source>How models are shown</source>
        <translation>模型的显示方式</translation>
    </message>
    <message>
        <source>Installed models</source>
        <translation>已安装的模型</translation>
    </message>
    <message>
        <source>No installed model matches.</source>
        <translation>没有符合的已安装模型。</translation>
    </message>
    <message>
        <source>No models yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>Models that you download, import or make are listed here with their versions. Drop a GGUF file or a folder onto the window, or let Hearth look where other programs keep theirs.</source>
        <translation>您下载、导入或制作的模型及其版本会列在这里。把 GGUF 文件或文件夹拖到窗口上，或让 Hearth 到其他程序存放模型的地方查找。</translation>
    </message>
    <message>
        <source>Import a file…</source>
        <translation>导入文件…</translation>
    </message>
    <message>
        <source>Look for models</source>
        <translation>查找模型</translation>
    </message>
    <message>
        <source>All families</source>
        <translation>所有家族</translation>
    </message>
    <message>
        <source>Models that were taken in are listed here. Your profile may use them, but not add any: that is for an administrator or a data scientist.</source>
        <translation>这里列出已加入的模型。你的身份可以使用它们，但不能添加：添加由管理员或数据科学家负责。</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Choose columns</source>
        <translation>选择列</translation>
    </message>
    <message>
        <source>All licences</source>
        <translation>所有许可证</translation>
    </message>
    <message>
        <source>As many as fit</source>
        <translation>放得下多少显示多少</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsOverview</name>
    <message>
        <source>About this version</source>
        <translation>关于此版本</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在这台机器上</translation>
    </message>
    <message>
        <source>What loading takes, term by term, and how fast it answers.</source>
        <translation>加载所需的各项内存，以及回答的速度。</translation>
    </message>
    <message>
        <source>How this model is opened and talked to</source>
        <translation>如何打开并与此模型交谈</translation>
    </message>
    <message>
        <source>Holds for all versions of the model, from the next time it is opened and for new chats. What is left empty follows the settings.</source>
        <translation>适用于该模型的所有版本，从下次打开起及新对话生效。留空的项目按设置处理。</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Save note</source>
        <translation>保存备注</translation>
    </message>
    <message>
        <source>Context in tokens</source>
        <translation>上下文（词元）</translation>
    </message>
    <message>
        <source>as in the settings</source>
        <translation>按设置</translation>
    </message>
    <message>
        <source>Sampling of its own</source>
        <translation>单独的采样参数</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Low: sober and repeatable. High: varied and daring.</source>
        <translation>低：稳重、可重复。高：多变、大胆。</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Only the likeliest words that together reach this share are considered.</source>
        <translation>只考虑累计达到此份额的最可能的词。</translation>
    </message>
    <message>
        <source>System prompt of new chats</source>
        <translation>新对话的系统提示词</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>家族</translation>
    </message>
    <message>
        <source>%1 (Hearth cannot run it)</source>
        <translation>%1（Hearth 无法运行）</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Quantisation</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Trained context</source>
        <translation>训练上下文</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>the file does not say</source>
        <translation>文件未说明</translation>
    </message>
    <message>
        <source>Comes from</source>
        <translation>来自</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>最近使用</translation>
    </message>
    <message>
        <source>Not known.</source>
        <translation>未知。</translation>
    </message>
    <message>
        <source>Memory together</source>
        <translation>内存合计</translation>
    </message>
    <message>
        <source>with a context of %1 tokens</source>
        <translation>上下文为 %1 个词元</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>estimated from another type of weights</source>
        <translation>由另一种权重类型估计</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 词元/秒</translation>
    </message>
    <message>
        <source>measure this machine on the hardware page to see speeds</source>
        <translation>在硬件页面测量这台机器后可看到速度</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsPage</name>
    <message>
        <source>%1 is as it was recorded.</source>
        <translation>%1 与记录一致。</translation>
    </message>
    <message>
        <source>%1 was taken out of the library; its file stays.</source>
        <translation>%1 已从模型库移出；文件保留。</translation>
    </message>
    <message>
        <source>%1 went to the trash, %2.</source>
        <translation>%1 已移入回收站，%2。</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Search installed and hubs…</source>
        <translation>搜索已安装的和模型站…</translation>
    </message>
    <message>
        <source>Search installed models…</source>
        <translation>搜索已安装的模型…</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Find a model that fits</source>
        <translation>找一个合适的模型</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>A model file (GGUF)…</source>
        <translation>模型文件（GGUF）…</translation>
    </message>
    <message>
        <source>A folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Models of other programs…</source>
        <translation>其他程序的模型…</translation>
    </message>
    <message numerus="yes">
        <source>%n installed</source>
        <translation>
            <numerusform>已安装 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading and checking</source>
        <translation>正在读取并检查</translation>
    </message>
    <message>
        <source>Verifying SHA-256</source>
        <translation>正在校验 SHA-256</translation>
    </message>
    <message>
        <source>Moving</source>
        <translation>正在移动</translation>
    </message>
    <message>
        <source>Import models</source>
        <translation>导入模型</translation>
    </message>
    <message>
        <source>Models (*.gguf);;All files (*)</source>
        <translation>模型 (*.gguf);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>导入文件夹</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be taken in</source>
        <translation>
            <numerusform>%n 个文件无法入库</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) taken in</source>
        <translation>
            <numerusform>%n 个模型已入库</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n already there</source>
        <translation>
            <numerusform>%n 个已存在</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with the same bytes as another</source>
        <translation>
            <numerusform>%n 个与另一个内容相同</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove %1?</source>
        <translation>移除 %1？</translation>
    </message>
    <message>
        <source>The file goes to the trash, %1.</source>
        <translation>文件将移入回收站，%1。</translation>
    </message>
    <message>
        <source>The library forgets it; the file stays where it is.</source>
        <translation>模型库不再记录它；文件留在原处。</translation>
    </message>
    <message>
        <source>Move the file to the trash too, %1</source>
        <translation>同时将文件移入回收站，%1</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation>模型名称</translation>
    </message>
    <message>
        <source>Move to a folder</source>
        <translation>移动到文件夹</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Open in chat</source>
        <translation>在对话中打开</translation>
    </message>
    <message>
        <source>Quantise…</source>
        <translation>量化…</translation>
    </message>
    <message>
        <source>Set as default</source>
        <translation>设为默认</translation>
    </message>
    <message>
        <source>Verify now</source>
        <translation>立即校验</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Move to…</source>
        <translation>移动到…</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Leave the files where they are</source>
        <translation>文件留在原处</translation>
    </message>
    <message>
        <source>Copy them into the library</source>
        <translation>复制到模型库</translation>
    </message>
    <message>
        <source>Hard-link them into the library</source>
        <translation>硬链接到模型库</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsScan</name>
    <message>
        <source>Look for models in a folder</source>
        <translation>在文件夹中查找模型</translation>
    </message>
    <message>
        <source>Back to all models</source>
        <translation>返回所有模型</translation>
    </message>
    <message>
        <source>Models on this computer</source>
        <translation>这台电脑上的模型</translation>
    </message>
    <message>
        <source>Another folder…</source>
        <translation>其他文件夹…</translation>
    </message>
    <message numerus="yes">
        <source>Take in %n model(s)</source>
        <translation>
            <numerusform>加入 %n 个模型</numerusform>
        </translation>
    </message>
    <message>
        <source>Take in</source>
        <translation>加入</translation>
    </message>
    <message>
        <source>Looking where LM Studio, Jan, GPT4All, Ollama and Hugging Face keep models, and in your model folders…</source>
        <translation>正在查看 LM Studio、Jan、GPT4All、Ollama 和 Hugging Face 存放模型的地方，以及您的模型文件夹…</translation>
    </message>
    <message>
        <source>Nothing was found. Choose another folder to look in.</source>
        <translation>没有找到。请选择其他文件夹。</translation>
    </message>
    <message>
        <source>They stay where they are; the library only remembers them.</source>
        <translation>它们留在原处；模型库只做记录。</translation>
    </message>
    <message>
        <source>in the library</source>
        <translation>已在库中</translation>
    </message>
    <message>
        <source>Convert…</source>
        <translation>转换…</translation>
    </message>
    <message>
        <source>Copies of them go into the library; the files themselves stay where they are.</source>
        <translation>它们的副本会放进模型库；原文件留在原处。</translation>
    </message>
    <message>
        <source>They get a second name in the library&apos;s folder, on the same disk and without further space.</source>
        <translation>它们会在模型库文件夹中得到第二个名字，位于同一磁盘，不占额外空间。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsSealing</name>
    <message>
        <source>Sealed</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>Sealing</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>The file is encrypted and opened into memory only. Its tensors and chat template cannot be looked at, and nothing can be made from it, before it is readable again.</source>
        <translation>文件已加密，只解密到内存。恢复为可读之前，无法查看其张量和聊天模板，也不能由它生成其他版本。</translation>
    </message>
    <message>
        <source>Make it readable again…</source>
        <translation>恢复为可读…</translation>
    </message>
    <message>
        <source>Seal…</source>
        <translation>加密…</translation>
    </message>
    <message>
        <source>A model in several files has to be merged first (hearthctl merge).</source>
        <translation>由多个文件组成的模型须先合并（hearthctl merge）。</translation>
    </message>
    <message>
        <source>Opening</source>
        <translation>正在解密</translation>
    </message>
    <message>
        <source>Sealing and reading back</source>
        <translation>正在加密并读回核对</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The model is sealed; a readable copy is left</source>
        <translation>模型已加密；还留有一份可读的副本</translation>
    </message>
    <message>
        <source>The same bytes have another name on this disk, or the file was only pointed to.</source>
        <translation>同样的内容在此磁盘上还有另一个名称，或者该文件只是一个链接。</translation>
    </message>
    <message>
        <source>The library does not list it any more.</source>
        <translation>模型库不再列出它。</translation>
    </message>
    <message>
        <source>Remove it yourself when nobody needs it.</source>
        <translation>没有人需要时，请自行删除。</translation>
    </message>
    <message>
        <source>Make %1 readable again?</source>
        <translation>要将 %1 恢复为可读吗？</translation>
    </message>
    <message>
        <source>A readable file takes the place of the sealed one: everybody who reads the disk can use and copy the model then.</source>
        <translation>可读的文件将取代加密的文件：之后能读取磁盘的人都可以使用和复制该模型。</translation>
    </message>
    <message>
        <source>Make it readable</source>
        <translation>恢复为可读</translation>
    </message>
    <message>
        <source>Make a sealed model readable</source>
        <translation>将加密的模型恢复为可读</translation>
    </message>
    <message>
        <source>Encrypts the file, so that whoever reads the disk cannot use or copy the model.</source>
        <translation>加密文件，使读取磁盘的人无法使用或复制该模型。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsStorage</name>
    <message>
        <source>fast (NVMe)</source>
        <translation>快（NVMe）</translation>
    </message>
    <message>
        <source>solid state</source>
        <translation>固态</translation>
    </message>
    <message>
        <source>slow</source>
        <translation>慢</translation>
    </message>
    <message>
        <source>speed not known</source>
        <translation>速度未知</translation>
    </message>
    <message>
        <source>Back to all models</source>
        <translation>返回所有模型</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Disks</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>What takes the space</source>
        <translation>空间用在哪里</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重复文件</translation>
    </message>
    <message>
        <source>Files with the same bytes. One of each is enough.</source>
        <translation>内容相同的文件。每组留一个就够。</translation>
    </message>
    <message>
        <source>Not used for long</source>
        <translation>很久没用</translation>
    </message>
    <message numerus="yes">
        <source>Not opened for %n day(s).</source>
        <translation>
            <numerusform>%n 天没有打开。</numerusform>
        </translation>
    </message>
    <message>
        <source>Would load faster elsewhere</source>
        <translation>换个位置会加载更快</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Looking at the disks…</source>
        <translation>正在查看磁盘…</translation>
    </message>
    <message>
        <source>%1 together</source>
        <translation>合计 %1</translation>
    </message>
    <message>
        <source>all others</source>
        <translation>其余</translation>
    </message>
    <message>
        <source>%1 free of %2 · models %3</source>
        <translation>%2 中空闲 %1 · 模型 %3</translation>
    </message>
    <message>
        <source>Used space</source>
        <translation>已用空间</translation>
    </message>
    <message>
        <source>Keeping one frees %1.</source>
        <translation>只留一个可释放 %1。</translation>
    </message>
    <message>
        <source>Two names of the same bytes: nothing is wasted.</source>
        <translation>同一内容的两个名称：没有浪费。</translation>
    </message>
    <message>
        <source>Last used: %1</source>
        <translation>最近使用：%1</translation>
    </message>
    <message>
        <source>%1 (%2) to the faster disk at %3</source>
        <translation>将 %1（%2）移到更快的磁盘 %3</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>移动</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsTemplate</name>
    <message>
        <source>Chat template</source>
        <translation>对话模板</translation>
    </message>
    <message>
        <source>How a conversation is written out for the model.</source>
        <translation>对话如何写成模型所读的文本。</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message>
        <source>What the template makes of a small conversation. Nothing is sent to the model.</source>
        <translation>模板对一段简短对话的处理结果。不会发送给模型。</translation>
    </message>
    <message>
        <source>Use a template of my own</source>
        <translation>使用自己的模板</translation>
    </message>
    <message>
        <source>What the model would read</source>
        <translation>模型将读到的内容</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>What is a chat template?</source>
        <translation>什么是对话模板？</translation>
    </message>
    <message>
        <source>Try</source>
        <translation>试用</translation>
    </message>
    <message>
        <source>Save for this model</source>
        <translation>为此模型保存</translation>
    </message>
    <message>
        <source>This text is used in place of the file&apos;s own.</source>
        <translation>用这段文本代替文件自带的模板。</translation>
    </message>
    <message>
        <source>The file brings none; Hearth uses its usual one (ChatML).</source>
        <translation>文件没有自带模板；Hearth 使用常用模板（ChatML）。</translation>
    </message>
    <message>
        <source>The file brings this one.</source>
        <translation>这是文件自带的模板。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsTensors</name>
    <message>
        <source>What takes the space</source>
        <translation>空间用在哪里</translation>
    </message>
    <message>
        <source>Tensors of the same part in all layers, by their share.</source>
        <translation>各层中同一部分的张量，按所占份额。</translation>
    </message>
    <message>
        <source>Every tensor</source>
        <translation>所有张量</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>Find a tensor</source>
        <translation>查找张量</translation>
    </message>
    <message>
        <source>all others</source>
        <translation>其余</translation>
    </message>
    <message>
        <source>The error is what quantising lost of the weights: the squared difference, relative to their squares.</source>
        <translation>误差是量化对权重造成的损失：差值的平方和与权重平方和之比。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsVersions</name>
    <message>
        <source>default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>shown here</source>
        <translation>正在显示</translation>
    </message>
    <message>
        <source>perplexity %1</source>
        <translation>困惑度 %1</translation>
    </message>
    <message>
        <source>KL divergence %1</source>
        <translation>KL 散度 %1</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Set as default</source>
        <translation>设为默认</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>The default one is opened when the model is chosen.</source>
        <translation>选择模型时打开默认版本。</translation>
    </message>
    <message>
        <source>Size against quality, all versions</source>
        <translation>大小与质量，所有版本</translation>
    </message>
    <message>
        <source>Back to the former default</source>
        <translation>退回之前的默认版本</translation>
    </message>
    <message>
        <source>being measured</source>
        <translation>正在测量</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>The KL divergence says how far a version&apos;s predictions are from those of the version it was made from or measured against: the lower, the better.</source>
        <translation>KL 散度表示该版本的预测与其来源版本（或测量时的参照版本）的预测相差多少：越低越好。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsWiring</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Verifying is over</source>
        <translation>校验已结束</translation>
    </message>
    <message>
        <source>%1 is as it was recorded.</source>
        <translation>%1 与记录的一致。</translation>
    </message>
    <message>
        <source>%1 is not as it was recorded.</source>
        <translation>%1 与记录的不一致。</translation>
    </message>
    <message>
        <source>A job failed</source>
        <translation>任务失败</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>A job is done</source>
        <translation>任务已完成</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Models were taken in</source>
        <translation>模型已入库</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) were taken in.</source>
        <translation>
            <numerusform>%n 个模型已入库。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be taken in.</source>
        <translation>
            <numerusform>%n 个文件无法入库。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::MyDataCard</name>
    <message>
        <source>My data</source>
        <translation>我的数据</translation>
    </message>
    <message>
        <source>What Hearth keeps about you belongs to you.</source>
        <translation>Hearth 保存的关于您的一切都属于您。</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>A copy of everything about me</source>
        <translation>关于我的一切的副本</translation>
    </message>
    <message>
        <source>Erase all chats…</source>
        <translation>抹除全部对话…</translation>
    </message>
    <message>
        <source>Erase me…</source>
        <translation>抹除我…</translation>
    </message>
    <message>
        <source>Erasure</source>
        <translation>抹除</translation>
    </message>
    <message>
        <source>Overwrites and removes all chats and their backups. Without a password, disks that write elsewhere may keep former blocks; encrypted chats do not have this problem.</source>
        <translation>覆写并删除全部对话及其备份。没有密码时，异地写入的磁盘可能保留旧数据块；加密的对话没有这个问题。</translation>
    </message>
    <message>
        <source>Destroys your keys first, so that nothing of yours can be read any more, then your chats, backups and profile (GDPR 17, CCPA 1798.105, PIPL 47).</source>
        <translation>先销毁您的密钥，使您的任何内容都无法再读取，再删除对话、备份和档案（GDPR 第17条，CCPA 1798.105，《个人信息保护法》第47条）。</translation>
    </message>
    <message>
        <source>Export everything about me</source>
        <translation>导出关于我的一切</translation>
    </message>
    <message>
        <source>The copy was written</source>
        <translation>副本已写入</translation>
    </message>
    <message>
        <source>&quot;hearthctl privacy open&quot; opens it with the password.</source>
        <translation>用“hearthctl privacy open”和密码打开。</translation>
    </message>
    <message>
        <source>Everybody who gets the file can read it.</source>
        <translation>拿到文件的任何人都能阅读。</translation>
    </message>
    <message>
        <source>Erase all chats?</source>
        <translation>抹除全部对话？</translation>
    </message>
    <message>
        <source>Erase yourself?</source>
        <translation>抹除您自己？</translation>
    </message>
    <message>
        <source>All chats, drafts and backups are overwritten. Nobody can bring them back.</source>
        <translation>全部对话、草稿和备份将被覆写。没有人能恢复它们。</translation>
    </message>
    <message>
        <source>Your keys, chats, backups and your profile are destroyed. Nobody can bring them back, not even with your password or recovery key.</source>
        <translation>您的密钥、对话、备份和档案将被销毁。没有人能恢复，即使有密码或恢复密钥也不行。</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>抹除</translation>
    </message>
    <message>
        <source>All chats were erased</source>
        <translation>全部对话已抹除</translation>
    </message>
    <message>
        <source>Chats of all branches with the trash and drafts, profile, tokens, consents, counts of use and what the log says you did, in one file: for reading, or as JSON that Hearth and other programs read (GDPR 15 and 20, CCPA 1798.110, PIPL 45).</source>
        <translation>所有分支的对话（含回收站与草稿）、档案、令牌、同意、使用计数以及日志中记录的您的操作，导出为一个文件：供阅读，或为 Hearth 和其他程序可读取的 JSON（GDPR 第15、20条，CCPA 1798.110，《个人信息保护法》第45条）。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::NewPasswordFields</name>
    <message numerus="yes">
        <source>At least %n character(s). A sentence of several words is easy to remember and hard to guess.</source>
        <translation>
            <numerusform>至少 %n 个字符。由几个词组成的句子容易记住，又难以猜到。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more character(s)</source>
        <translation>
            <numerusform>还差 %n 个字符</numerusform>
        </translation>
    </message>
    <message>
        <source>The two fields differ.</source>
        <translation>两次输入不一致。</translation>
    </message>
    <message>
        <source>Long enough, but easy to guess. Add words that do not belong together.</source>
        <translation>长度足够，但容易猜到。请加上几个互不相关的词。</translation>
    </message>
    <message>
        <source>Good.</source>
        <translation>不错。</translation>
    </message>
    <message>
        <source>Very good.</source>
        <translation>很好。</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>The same once more</source>
        <translation>再输入一次</translation>
    </message>
    <message>
        <source>Strength of the password</source>
        <translation>密码强度</translation>
    </message>
</context>
<context>
    <name>hearth::gui::NewProfileDialog</name>
    <message>
        <source>New keys for %1</source>
        <translation>为“%1”更换密钥</translation>
    </message>
    <message>
        <source>New profile</source>
        <translation>新建档案</translation>
    </message>
    <message>
        <source>For somebody who lost both password and recovery key. Everything that they sealed is lost for ever: nobody can open it. Let them type the new password themselves.</source>
        <translation>用于密码和恢复密钥都已丢失的人。此前加密的一切将永远丢失：没有人能打开。请让本人输入新密码。</translation>
    </message>
    <message>
        <source>Let the person type the password themselves: you need not know it, and cannot read their chats.</source>
        <translation>请让本人输入密码：您无需知道，也看不到其对话。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名字</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Making the keys…</source>
        <translation>正在生成密钥…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Make new keys</source>
        <translation>更换密钥</translation>
    </message>
    <message>
        <source>Make the profile</source>
        <translation>建立档案</translation>
    </message>
</context>
<context>
    <name>hearth::gui::Notifier</name>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
</context>
<context>
    <name>hearth::gui::PasswordDialog</name>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Change the password</source>
        <translation>更改密码</translation>
    </message>
    <message>
        <source>Choose a new password</source>
        <translation>设置新密码</translation>
    </message>
    <message>
        <source>The recovery key stays as it is.</source>
        <translation>恢复密钥保持不变。</translation>
    </message>
    <message>
        <source>You came in with the recovery key. It stays as it is.</source>
        <translation>您是用恢复密钥登录的。恢复密钥保持不变。</translation>
    </message>
    <message>
        <source>Present password</source>
        <translation>当前密码</translation>
    </message>
    <message>
        <source>Wrapping the keys…</source>
        <translation>正在重新封装密钥…</translation>
    </message>
</context>
<context>
    <name>hearth::gui::PeopleSection</name>
    <message>
        <source>The role is changed.</source>
        <translation>角色已更改。</translation>
    </message>
    <message>
        <source>The profile cannot sign in any more.</source>
        <translation>此档案不能再登录。</translation>
    </message>
    <message>
        <source>The profile can sign in again.</source>
        <translation>此档案又可以登录了。</translation>
    </message>
    <message>
        <source>Take the password away</source>
        <translation>取消密码</translation>
    </message>
    <message>
        <source>%1 then signs in with the recovery key and chooses a new password. Nothing is lost.</source>
        <translation>此后“%1”用恢复密钥登录并设置新密码。不会丢失任何内容。</translation>
    </message>
    <message>
        <source>Take it away</source>
        <translation>取消密码</translation>
    </message>
    <message>
        <source>The password is taken away.</source>
        <translation>密码已取消。</translation>
    </message>
    <message>
        <source>%1 is erased.</source>
        <translation>“%1”已抹除。</translation>
    </message>
    <message>
        <source>The profile of %1 is made.</source>
        <translation>“%1”的档案已建立。</translation>
    </message>
    <message>
        <source>Let sign in again</source>
        <translation>恢复登录</translation>
    </message>
    <message>
        <source>Disable</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>档案</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>改名…</translation>
    </message>
    <message>
        <source>Take the password away…</source>
        <translation>取消密码…</translation>
    </message>
    <message>
        <source>New keys…</source>
        <translation>更换密钥…</translation>
    </message>
    <message>
        <source>For somebody who lost both password and recovery key; their chats are lost.</source>
        <translation>用于密码和恢复密钥都已丢失的人；其对话将丢失。</translation>
    </message>
    <message>
        <source>Erase…</source>
        <translation>抹除…</translation>
    </message>
</context>
<context>
    <name>hearth::gui::PeopleWords</name>
    <message>
        <source>Administrator</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>Data scientist</source>
        <translation>数据科学家</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Auditor</source>
        <translation>审计员</translation>
    </message>
    <message>
        <source>Runs the machine: profiles, rights, models, settings. Chats for themselves; reads nobody else&apos;s.</source>
        <translation>管理本机：档案、权限、模型和设置。可以自己对话，看不到他人的对话。</translation>
    </message>
    <message>
        <source>Models, training, calibration data and reports; chats for themselves.</source>
        <translation>模型、训练、校准数据和报告；可以自己对话。</translation>
    </message>
    <message>
        <source>Chats and documents of their own, with the models that are there.</source>
        <translation>用现有的模型进行自己的对话、使用自己的文档。</translation>
    </message>
    <message>
        <source>The audit log and reports; no chats.</source>
        <translation>审计日志和报告；没有对话。</translation>
    </message>
    <message>
        <source>See</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Serve</source>
        <translation>提供服务</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Calibration data</source>
        <translation>校准数据</translation>
    </message>
    <message>
        <source>Reports</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>档案</translation>
    </message>
    <message>
        <source>Rights</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Figures about use</source>
        <translation>使用统计</translation>
    </message>
    <message>
        <source>Settings of the machine</source>
        <translation>本机设置</translation>
    </message>
    <message>
        <source>Keys for programs</source>
        <translation>程序令牌</translation>
    </message>
    <message>
        <source>All data of a person</source>
        <translation>个人全部数据</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>own</source>
        <translation>自己的</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>List models</source>
        <translation>列出模型</translation>
    </message>
    <message>
        <source>Answers of models</source>
        <translation>获取模型的回答</translation>
    </message>
    <message>
        <source>Load and eject models too</source>
        <translation>还可加载和卸载模型</translation>
    </message>
</context>
<context>
    <name>hearth::gui::PermissionTableModel</name>
    <message>
        <source>Nobody may ever do this.</source>
        <translation>任何人都不得这样做。</translation>
    </message>
    <message>
        <source>At most with what is their own: a person&apos;s content is nobody else&apos;s.</source>
        <translation>最多限于自己的：个人的内容只属于本人。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::PlacesCard</name>
    <message>
        <source>Where data lies</source>
        <translation>数据存放位置</translation>
    </message>
    <message>
        <source>Every file that Hearth writes. Files that you export go where you say.</source>
        <translation>Hearth 写入的每个文件。您导出的文件放在您指定的位置。</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n 个文件</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::PlanTable</name>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>Becomes</source>
        <translation>变为</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
</context>
<context>
    <name>hearth::gui::PrivacyPage</name>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Nothing leaves this machine without an action of yours: no telemetry, no cloud. This page shows what is kept, and does what the law gives you a right to.</source>
        <translation>没有您的操作，任何数据都不会离开本机：没有遥测，没有云。本页显示保存了什么，并执行法律赋予您的权利。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::PrivacyWiring</name>
    <message>
        <source>The automatic backup failed: %1</source>
        <translation>自动备份失败：%1</translation>
    </message>
    <message>
        <source>A rule for how long things stay could not be kept: %1</source>
        <translation>无法执行保存期限规则：%1</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message numerus="yes">
        <source>%n chat(s) are dated after today, the newest of %1: no rule deletes them before they are used or their date has passed.</source>
        <translation>
            <numerusform>%n 个对话的日期晚于今天，最晚为 %1：在被使用或日期过去之前，任何规则都不会删除它们。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ProfileDelegate</name>
    <message>
        <source>disabled</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>password reset</source>
        <translation>密码已取消</translation>
    </message>
    <message>
        <source>you</source>
        <translation>您</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ProfileListModel</name>
    <message>
        <source>The password was taken away: the recovery key sets a new one.</source>
        <translation>密码已取消：可用恢复密钥设置新密码。</translation>
    </message>
    <message>
        <source>The recovery key was never tested.</source>
        <translation>恢复密钥从未测试过。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ProfileSwitcher</name>
    <message>
        <source>Profile: %1</source>
        <translation>档案：%1</translation>
    </message>
    <message>
        <source>%1 is signed in. Lock, or change over to somebody else.</source>
        <translation>“%1”已登录。可以锁定，或切换到其他人。</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Change over to %1…</source>
        <translation>切换到“%1”…</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ProgressLine</name>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ProtectScreen</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>Comparing the sealed chats…</source>
        <translation>正在核对加密后的对话…</translation>
    </message>
    <message>
        <source>Sealing the chats…</source>
        <translation>正在加密对话…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Protect my chats</source>
        <translation>保护我的对话</translation>
    </message>
    <message>
        <source>Until now there is one person and no password: everybody who can use this account of the computer, or read its disk, can read the chats. With a profile they are encrypted with a key that only your password or your recovery key opens. This first profile is an administrator; it can make profiles for other people.</source>
        <translation>目前只有一位使用者，也没有密码：凡是能使用这个系统账户、或能读取其磁盘的人，都能看到对话。建立档案后，对话会用一个密钥加密，只有您的密码或恢复密钥才能打开它。第一个档案是管理员，可以为其他人建立档案。</translation>
    </message>
    <message>
        <source>What it does not protect from: somebody who changes the program or watches the keyboard, and old copies that snapshots of the file system keep.</source>
        <translation>它防不住有人改动程序或监视键盘，也管不到文件系统快照中保留的旧副本。</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>您的名字</translation>
    </message>
    <message>
        <source>Measuring how much a password may cost here, and making the keys…</source>
        <translation>正在测定本机的密码强度参数并生成密钥…</translation>
    </message>
    <message>
        <source>Make the profile</source>
        <translation>建立档案</translation>
    </message>
    <message>
        <source>Take over the chats from before?</source>
        <translation>接收此前的对话吗？</translation>
    </message>
    <message>
        <source>They are sealed into your profile and compared, then the readable files and their backups are overwritten and removed. A sealed copy of the whole file goes into your backups first. Until then they stay readable for everybody, and do not appear in your list.</source>
        <translation>它们会加密到您的档案中并逐一核对，然后覆盖并删除可读的文件及其备份。整个文件的加密副本会先存入您的备份。在此之前，它们仍可被所有人读取，也不会出现在您的列表中。</translation>
    </message>
    <message>
        <source>Take them over</source>
        <translation>接收</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ProtectionCard</name>
    <message>
        <source>The password is changed; the recovery key stays as it is.</source>
        <translation>密码已更改；恢复密钥保持不变。</translation>
    </message>
    <message>
        <source>The recovery key works.</source>
        <translation>恢复密钥正确。</translation>
    </message>
    <message>
        <source>Recovery key</source>
        <translation>恢复密钥</translation>
    </message>
    <message>
        <source>It was tested. Test again whether the paper is right.</source>
        <translation>已测试过。可以再次核对纸上的内容是否正确。</translation>
    </message>
    <message>
        <source>It was never tested. Find out whether what you wrote down is right.</source>
        <translation>从未测试过。请核对您记下的内容是否正确。</translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>Protection of the chats</source>
        <translation>对话的保护</translation>
    </message>
    <message>
        <source>One person, no password: everybody who can use this account of the computer, or read its disk, can read the chats. Nothing is encrypted.</source>
        <translation>只有一位使用者，没有密码：凡是能使用这个系统账户、或能读取其磁盘的人，都能看到对话。没有任何加密。</translation>
    </message>
    <message>
        <source>Protect my chats…</source>
        <translation>保护我的对话…</translation>
    </message>
    <message>
        <source>Take them over…</source>
        <translation>接收…</translation>
    </message>
    <message>
        <source>Readable chats remain</source>
        <translation>还有可读的对话</translation>
    </message>
    <message>
        <source>Chats from before there were profiles are still readable for everybody.</source>
        <translation>建立档案之前的对话仍可被所有人读取。</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Only keys are wrapped anew; the chats are not touched.</source>
        <translation>只重新封装密钥；对话不受影响。</translation>
    </message>
    <message>
        <source>Test…</source>
        <translation>测试…</translation>
    </message>
    <message>
        <source>New key…</source>
        <translation>更换…</translation>
    </message>
    <message>
        <source>New recovery key</source>
        <translation>新的恢复密钥</translation>
    </message>
    <message>
        <source>When somebody may have seen the paper. The former key opens nothing any more.</source>
        <translation>当有人可能看到过那张纸时使用。原来的恢复密钥随即失效。</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>Lock by itself after</source>
        <translation>自动锁定</translation>
    </message>
    <message>
        <source>When no key and no pointer was touched. Ctrl+L locks at once.</source>
        <translation>键盘和鼠标都没有动作时。按 Ctrl+L 可立即锁定。</translation>
    </message>
    <message>
        <source>Lock with the screen</source>
        <translation>随屏幕锁定</translation>
    </message>
    <message>
        <source>When the desktop locks its screen or the computer goes to sleep.</source>
        <translation>当桌面锁屏或电脑进入睡眠时。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::QualityPlot</name>
    <message>
        <source>Size against quality, all versions</source>
        <translation>大小与质量，所有版本</translation>
    </message>
    <message>
        <source>%1: %2, mean KL divergence %3</source>
        <translation>%1：%2，平均 KL 散度 %3</translation>
    </message>
    <message>
        <source>mean KL divergence</source>
        <translation>平均 KL 散度</translation>
    </message>
    <message>
        <source>file size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>No version has been measured yet.</source>
        <translation>还没有版本被测量过。</translation>
    </message>
    <message>
        <source>%1 this version</source>
        <translation>%1 此版本</translation>
    </message>
</context>
<context>
    <name>hearth::gui::QuantiseCompare</name>
    <message>
        <source>Size against quality, all versions</source>
        <translation>大小与质量，所有版本</translation>
    </message>
    <message>
        <source>Your own prompt, side by side</source>
        <translation>用您自己的提示词并排比较</translation>
    </message>
    <message>
        <source>Bits by tensor</source>
        <translation>各张量的位数</translation>
    </message>
    <message>
        <source>With the error of the weights, relative to their size.</source>
        <translation>并附权重的相对误差。</translation>
    </message>
    <message>
        <source>Ask both versions the same</source>
        <translation>向两个版本提同样的问题</translation>
    </message>
    <message>
        <source>Ask both</source>
        <translation>同时提问</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>from %1 · %2</source>
        <translation>原为 %1 · %2</translation>
    </message>
    <message>
        <source>Decode speed</source>
        <translation>解码速度</translation>
    </message>
    <message>
        <source>%1 t/s</source>
        <translation>%1 t/s</translation>
    </message>
    <message>
        <source>from %1 t/s · %2×</source>
        <translation>原为 %1 t/s · %2×</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>困惑度</translation>
    </message>
    <message>
        <source>source %1 · %2</source>
        <translation>源 %1 · %2</translation>
    </message>
    <message>
        <source>Mean KL divergence</source>
        <translation>平均 KL 散度</translation>
    </message>
    <message>
        <source>same top token %1 %</source>
        <translation>首选词元相同 %1 %</translation>
    </message>
    <message>
        <source>KL divergence: median %1, 99 % below %2, largest %3</source>
        <translation>KL 散度：中位数 %1，99 % 低于 %2，最大 %3</translation>
    </message>
    <message>
        <source>memory %1</source>
        <translation>内存 %1</translation>
    </message>
    <message>
        <source> (source %1)</source>
        <translation>（源 %1）</translation>
    </message>
    <message numerus="yes">
        <source>measured on %n token(s) of the built-in text</source>
        <translation>
            <numerusform>在内置文本的 %n 个词元上测量</numerusform>
        </translation>
    </message>
    <message>
        <source>Asking both versions</source>
        <translation>正在询问两个版本</translation>
    </message>
    <message>
        <source>source · %1</source>
        <translation>源 · %1</translation>
    </message>
    <message>
        <source>(no words)</source>
        <translation>（没有文字）</translation>
    </message>
</context>
<context>
    <name>hearth::gui::QuantiseWizard</name>
    <message>
        <source>Leave</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Set as default</source>
        <translation>设为默认</translation>
    </message>
    <message>
        <source>Keep as default</source>
        <translation>保留并设为默认</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>What is quantised</source>
        <translation>量化哪个版本</translation>
    </message>
    <message>
        <source>Best the original: every further step from an already coarse version loses more.</source>
        <translation>最好用原始版本：从已经较粗的版本再量化，损失更大。</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>准备就绪</translation>
    </message>
    <message>
        <source>Name of the version</source>
        <translation>版本名称</translation>
    </message>
    <message>
        <source>You may leave this page, or end the program: the work goes on in the background, and after an end it can go on where it was.</source>
        <translation>您可以离开此页或退出程序：工作会在后台继续；退出后可从中断处继续。</translation>
    </message>
    <message>
        <source>Compare · %1</source>
        <translation>比较 · %1</translation>
    </message>
    <message>
        <source>Quantise · %1</source>
        <translation>量化 · %1</translation>
    </message>
    <message>
        <source>%1, %2 parameters, %3</source>
        <translation>%1，%2 个参数，%3</translation>
    </message>
    <message>
        <source>without calibration</source>
        <translation>不校准</translation>
    </message>
    <message>
        <source>calibrated with the built-in text</source>
        <translation>用内置文本校准</translation>
    </message>
    <message>
        <source>calibrated with a text of yours</source>
        <translation>用您的文本校准</translation>
    </message>
    <message>
        <source>%1 to %2, %3.</source>
        <translation>%1 到 %2，%3。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>At work</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Nothing was left behind.</source>
        <translation>没有留下任何东西。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::RecommendationCard</name>
    <message>
        <source>Best for this machine</source>
        <translation>最适合这台机器</translation>
    </message>
    <message>
        <source>The most capable models that fit into the free memory and answer at reading speed.</source>
        <translation>放得进空闲内存、回答不慢于阅读速度的模型中能力最强的。</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 词元/秒</translation>
    </message>
    <message>
        <source>What would help</source>
        <translation>怎样会更好</translation>
    </message>
    <message>
        <source>For %1. Estimated from data sheets, not measured.</source>
        <translation>以 %1 计。按产品规格估计，并非实测。</translation>
    </message>
    <message>
        <source>room for %1 %2</source>
        <translation>可容纳 %1 %2</translation>
    </message>
    <message>
        <source>answers %1 times as fast</source>
        <translation>回答快至 %1 倍</translation>
    </message>
    <message>
        <source>loads %1 times as fast</source>
        <translation>载入快至 %1 倍</translation>
    </message>
    <message>
        <source>%1, context %2</source>
        <translation>%1，上下文 %2</translation>
    </message>
</context>
<context>
    <name>hearth::gui::RecordCard</name>
    <message>
        <source>Save the record</source>
        <translation>保存记录</translation>
    </message>
    <message>
        <source>Record of processing activities</source>
        <translation>处理活动记录</translation>
    </message>
    <message>
        <source>What GDPR 30 wants written down, filled in with what holds on this machine now.</source>
        <translation>GDPR 第30条要求的书面记录，按本机现状填写。</translation>
    </message>
    <message>
        <source>Controller</source>
        <translation>处理者</translation>
    </message>
    <message>
        <source>The person or organisation that answers for this installation</source>
        <translation>对本安装负责的个人或组织</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>联系方式</translation>
    </message>
    <message>
        <source>Address, telephone or mail</source>
        <translation>地址、电话或电子邮件</translation>
    </message>
    <message>
        <source>Data protection officer</source>
        <translation>个人信息保护负责人</translation>
    </message>
    <message>
        <source>Where there is one</source>
        <translation>如有</translation>
    </message>
    <message>
        <source>Web page (HTML)…</source>
        <translation>网页（HTML）…</translation>
    </message>
    <message>
        <source>Text (Markdown)…</source>
        <translation>文本（Markdown）…</translation>
    </message>
    <message>
        <source>The record was written</source>
        <translation>记录已写入</translation>
    </message>
</context>
<context>
    <name>hearth::gui::RecoveryDialog</name>
    <message>
        <source>Recovery key</source>
        <translation>恢复密钥</translation>
    </message>
    <message>
        <source>Making a new recovery key…</source>
        <translation>正在生成新的恢复密钥…</translation>
    </message>
</context>
<context>
    <name>hearth::gui::RecoveryKeyPanel</name>
    <message>
        <source>Recovery key</source>
        <translation>恢复密钥</translation>
    </message>
    <message>
        <source>Your recovery key</source>
        <translation>您的恢复密钥</translation>
    </message>
    <message>
        <source>Test the recovery key</source>
        <translation>测试恢复密钥</translation>
    </message>
    <message>
        <source>It opens the chats when the password is forgotten, and it is shown only now. Write it on paper and keep it apart from this computer. Who loses both password and recovery key loses the chats: nobody can open them.</source>
        <translation>忘记密码时可用它打开对话，它只显示这一次。请写在纸上，与这台电脑分开保管。密码和恢复密钥都丢失的人将失去自己的对话：没有人能打开它们。</translation>
    </message>
    <message>
        <source>Type the key that was shown when the profile was made. Nothing is changed.</source>
        <translation>请输入建立档案时显示的密钥。不会改变任何内容。</translation>
    </message>
    <message>
        <source>Type it in from the paper, to be sure that what you wrote down is right:</source>
        <translation>请照着纸上的内容输入，以确认您记下的是正确的：</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Test it later</source>
        <translation>以后再测试</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>hearth::gui::RenameDialog</name>
    <message>
        <source>Rename the profile</source>
        <translation>更改档案的名字</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名字</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>改名</translation>
    </message>
</context>
<context>
    <name>hearth::gui::RepairDialog</name>
    <message>
        <source>Your chats do not open</source>
        <translation>您的对话无法打开</translation>
    </message>
    <message>
        <source>Save what can be read</source>
        <translation>抢救可读内容</translation>
    </message>
    <message>
        <source>Begin anew…</source>
        <translation>重新开始…</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不处理</translation>
    </message>
    <message>
        <source>Reads the damaged file row by row into a new one. What cannot be read is missing.</source>
        <translation>把损坏的文件逐行读入新文件。无法读取的部分会缺失。</translation>
    </message>
    <message>
        <source>Starts with no chats. The damaged file is set aside and can still be read later.</source>
        <translation>从没有对话的状态开始。损坏的文件会被移开，以后仍可读取。</translation>
    </message>
    <message>
        <source>Begin without chats?</source>
        <translation>不带对话开始？</translation>
    </message>
    <message>
        <source>The damaged file is kept under another name in the data folder.</source>
        <translation>损坏的文件以另一个名称保留在数据文件夹中。</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>重新开始</translation>
    </message>
</context>
<context>
    <name>hearth::gui::RetentionCard</name>
    <message>
        <source>Keep these rules?</source>
        <translation>采用这些规则？</translation>
    </message>
    <message>
        <source>What is shown is deleted for good now, and what becomes older than this is deleted by itself. Backups hold it until they are rotated out.</source>
        <translation>所列内容现在将被永久删除，以后超过期限的内容会自动删除。备份中的副本保留到轮换为止。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>采用</translation>
    </message>
    <message>
        <source>How long things stay</source>
        <translation>保存期限</translation>
    </message>
    <message>
        <source>Nothing is deleted before you have seen what. No rule touches the audit log.</source>
        <translation>在您看到内容之前，不会删除任何东西。任何规则都不会触及审计日志。</translation>
    </message>
    <message>
        <source>Days until they are deleted for good</source>
        <translation>多少天后永久删除</translation>
    </message>
    <message>
        <source>Days since a chat was last used</source>
        <translation>自上次使用起的天数</translation>
    </message>
    <message>
        <source>For everybody on this machine. Figures that were released stay: they say nothing about anyone.</source>
        <translation>适用于本机所有人。已发布的数字保留：它们不透露任何人的信息。</translation>
    </message>
    <message>
        <source>Besides their rotation, also those made by hand. The newest one always stays.</source>
        <translation>在轮换之外，也包括手动备份。最新的一份始终保留。</translation>
    </message>
    <message>
        <source>Of this machine: files that are not written to any more. Messages of what failed, never content.</source>
        <translation>本机的：不再写入的文件。只含出错信息，从不含内容。</translation>
    </message>
    <message>
        <source>Of this machine: of the hardware and of the speed of answers. The newest of each stays.</source>
        <translation>本机的：硬件测量与回答速度记录。各自最新的一条保留。</translation>
    </message>
    <message>
        <source>Of this machine: what was quantised, converted or measured, how it ended, and what those that failed left on the disk.</source>
        <translation>本机的：量化、转换或测量了什么、结果如何，以及失败的任务在磁盘上留下的内容。</translation>
    </message>
    <message>
        <source>Without limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source> days</source>
        <translation> 天</translation>
    </message>
    <message>
        <source>Show what would go</source>
        <translation>显示将删除的内容</translation>
    </message>
    <message>
        <source>Keep these rules…</source>
        <translation>采用这些规则…</translation>
    </message>
    <message>
        <source>These rules delete nothing now.</source>
        <translation>这些规则现在不会删除任何内容。</translation>
    </message>
    <message>
        <source>These rules delete now:</source>
        <translation>这些规则现在会删除：</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <comment>of counts</comment>
        <translation>
            <numerusform>%n 天的计数</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>number, size</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1: %2, the oldest of %3</source>
        <comment>kind, number and size, time</comment>
        <translation>%1：%2，最早为 %3</translation>
    </message>
    <message>
        <source>• %1 (%2)</source>
        <comment>title of a chat, time</comment>
        <translation>• %1（%2）</translation>
    </message>
    <message>
        <source>(no title)</source>
        <translation>（无标题）</translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>……还有 %n 个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things were deleted for good.</source>
        <translation>
            <numerusform>已永久删除 %n 项。</numerusform>
        </translation>
    </message>
    <message>
        <source>The others were used or taken out meanwhile and stay.</source>
        <translation>其余的在此期间被使用或被取出，予以保留。</translation>
    </message>
    <message>
        <source>The rules are kept</source>
        <translation>规则已采用</translation>
    </message>
    <message numerus="yes">
        <source>%1: %n dated after today stay, the newest of %2</source>
        <comment>kind, time</comment>
        <translation>
            <numerusform>%1：%n 项的日期晚于今天，予以保留，最晚为 %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::RightsSection</name>
    <message>
        <source>What each role may do</source>
        <translation>各角色的权限</translation>
    </message>
    <message>
        <source>A click on a field changes it at once: no, with one&apos;s own, with all. Every change is in the audit log.</source>
        <translation>点击即可更改：否、自己的、全部。每次更改都会记入审计日志。</translation>
    </message>
    <message>
        <source>Who may do what with a model</source>
        <translation>谁可以对模型做什么</translation>
    </message>
    <message>
        <source>Where somebody is ticked in a column, nobody else may; an empty column follows the table above.</source>
        <translation>某列中勾选了人之后，其他人便不可以；空列按上表执行。</translation>
    </message>
    <message>
        <source>No model is known yet: open one, or add a folder with models in the settings.</source>
        <translation>还没有已知的模型：请打开一个，或在设置中添加模型文件夹。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>hearth::gui::RunsCard</name>
    <message>
        <source>Predicted and real</source>
        <translation>预测与实际</translation>
    </message>
    <message>
        <source>Every answer is put beside what was predicted for it; predictions are corrected once three of them tell the same machine&apos;s speed. Nothing of what was written is stored.</source>
        <translation>每次回答都与事先的预测并列记录；有三次可比的回答后，预测会据此修正。不保存任何对话内容。</translation>
    </message>
    <message>
        <source>From real answers, predictions on this page are multiplied with %1 (answering) and %2 (prompts). Nothing of what was written is stored.</source>
        <translation>根据实际回答，本页的预测已乘以 %1（回答）和 %2（提示词）。不保存任何对话内容。</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>real</source>
        <translation>实际</translation>
    </message>
    <message>
        <source>real ÷ predicted</source>
        <translation>实际 ÷ 预测</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 词元/秒</translation>
    </message>
</context>
<context>
    <name>hearth::gui::SealDialog</name>
    <message>
        <source>Seal</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The file opens only with this password. Nobody can find it out for you.</source>
        <translation>文件只能用此密码打开。没有人能替您找回它。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::SealModelDialog</name>
    <message>
        <source>Seal</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>Seal %1</source>
        <translation>加密 %1</translation>
    </message>
    <message>
        <source>What opens the model</source>
        <translation>用什么打开模型</translation>
    </message>
    <message>
        <source>With my key</source>
        <translation>用我的密钥</translation>
    </message>
    <message>
        <source>With a password</source>
        <translation>用密码</translation>
    </message>
    <message>
        <source>Overwrite and remove the readable file</source>
        <translation>覆写并删除可读的文件</translation>
    </message>
    <message>
        <source>The readable file lies in a place of another program, which cannot use it any more when it is gone.</source>
        <translation>可读的文件位于另一个程序的位置；删除后该程序将无法再使用它。</translation>
    </message>
    <message>
        <source>What overwriting cannot promise: file systems that write elsewhere (copy on write, snapshots), flash memory and backups may keep former copies.</source>
        <translation>覆写不能保证的是：写到别处的文件系统（写时复制、快照）、闪存以及备份可能仍保留旧的副本。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The file is encrypted and from then on opened into memory only, never to the disk. What the library knows about it (its name, family, size, notes) stays readable.</source>
        <translation>文件将被加密，此后只解密到内存，从不写入磁盘。模型库中关于它的信息（名称、系列、大小、备注）仍然可读。</translation>
    </message>
    <message>
        <source>It opens for whoever knows the password. Nobody can find it out for you.</source>
        <translation>知道密码的人都能打开。忘记后无人能替您找回。</translation>
    </message>
    <message>
        <source>It opens for you alone, while you are signed in. Whoever else uses this model cannot open it any more.</source>
        <translation>只有您在登录时能打开。其他使用此模型的人将无法再打开它。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::SearchResultDelegate</name>
    <message>
        <source>Trash</source>
        <translation>回收站</translation>
    </message>
</context>
<context>
    <name>hearth::gui::SearchResultsModel</name>
    <message>
        <source>Untitled chat</source>
        <translation>未命名的对话</translation>
    </message>
    <message>
        <source>%1, title, %2</source>
        <translation>%1，标题，%2</translation>
    </message>
    <message>
        <source>%1, your message of %2: %3</source>
        <translation>%1，您在 %2 的消息：%3</translation>
    </message>
    <message>
        <source>%1, answer of %2: %3</source>
        <translation>%1，%2 的回答：%3</translation>
    </message>
    <message>
        <source>Thoughts: </source>
        <comment>in front of an excerpt</comment>
        <translation>思考过程：</translation>
    </message>
    <message>
        <source>%1 (in the trash)</source>
        <translation>%1（在回收站中）</translation>
    </message>
    <message>
        <source>%1, thoughts before the answer of %2: %3</source>
        <translation>%1，%2 的回答之前的思考过程：%3</translation>
    </message>
</context>
<context>
    <name>hearth::gui::SecretField</name>
    <message>
        <source>Show what is typed</source>
        <translation>显示输入的内容</translation>
    </message>
</context>
<context>
    <name>hearth::gui::SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Texts, buttons and gaps grow together.</source>
        <translation>文字、按钮和间距一起缩放。</translation>
    </message>
    <message>
        <source>Model folders</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>GGUF files in these folders and below are offered in the model list. The files stay where they are; nothing is copied.</source>
        <translation>这些文件夹及其子文件夹中的 GGUF 文件会出现在模型列表中。文件留在原处，不会复制。</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>Chats and their backups: %1</source>
        <translation>对话及其备份：%1</translation>
    </message>
    <message>
        <source>Running models</source>
        <translation>运行模型</translation>
    </message>
    <message numerus="yes">
        <source>Automatic (%n core(s))</source>
        <translation>
            <numerusform>自动（%n 核）</numerusform>
        </translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>How many processor cores compute an answer. Fewer leave room for other programs; more than there are cores only slows down.</source>
        <translation>用多少个处理器核心计算回答。少一些可以给其他程序留出余地；超过核心数只会变慢。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 词元</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>How much of a conversation the model can see. Longer contexts take more memory. Automatic: the model&apos;s own length, at most %1 tokens. Counts from the next time a model is opened.</source>
        <translation>模型能看到多长的对话。上下文越长，占用内存越多。自动：取模型自身的长度，最多 %1 词元。下次打开模型时生效。</translation>
    </message>
    <message>
        <source>16 bit</source>
        <translation>16 位</translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>Context precision</source>
        <translation>上下文精度</translation>
    </message>
    <message>
        <source>8 bit halves the memory of the context at a small loss of accuracy. Counts from the next time a model is opened.</source>
        <translation>8 位可使上下文占用的内存减半，精度略有损失。下次打开模型时生效。</translation>
    </message>
    <message>
        <source>Stop and say so</source>
        <translation>停止并说明</translation>
    </message>
    <message>
        <source>Leave out oldest</source>
        <translation>略去最早</translation>
    </message>
    <message>
        <source>When the context is full</source>
        <translation>上下文已满时</translation>
    </message>
    <message>
        <source>For new chats. Leaving out the oldest messages keeps the system prompt and says what was left out.</source>
        <translation>用于新对话。略去最早的消息时，系统提示词保留，并说明略去了什么。</translation>
    </message>
    <message>
        <source>Open the last model at start</source>
        <translation>启动时打开上次的模型</translation>
    </message>
    <message>
        <source>not there</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>Take %1 off the list</source>
        <translation>从列表中移除 %1</translation>
    </message>
    <message>
        <source>Some settings in the file were not usable</source>
        <translation>设置文件中有几项无法使用</translation>
    </message>
    <message>
        <source>File: %1</source>
        <translation>文件：%1</translation>
    </message>
    <message>
        <source>Choose a folder with models</source>
        <translation>选择存放模型的文件夹</translation>
    </message>
    <message>
        <source>Folder taken off the list; its files are untouched.</source>
        <translation>文件夹已从列表中移除，其中的文件没有改动。</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Tell the desktop when long work ends</source>
        <translation>耗时工作结束时通知桌面</translation>
    </message>
    <message>
        <source>Downloads, imports, checks and jobs that end while this window is not in front. Model names and what was done, never what is in chats.</source>
        <translation>窗口不在前台时结束的下载、导入、校验和任务。只提及模型名称和所做的事，从不涉及对话内容。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>书写</translation>
    </message>
    <message>
        <source>Send the message</source>
        <translation>发送消息</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Answer again (a further version)</source>
        <translation>再答一次（新版本）</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>This overview</source>
        <translation>本一览</translation>
    </message>
    <message>
        <source>Quit; frees the model&apos;s memory</source>
        <translation>退出，释放模型占用的内存</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Rename the chosen chat</source>
        <translation>重命名所选对话</translation>
    </message>
    <message>
        <source>Move the chosen chat to the trash</source>
        <translation>把所选对话移到回收站</translation>
    </message>
    <message>
        <source>Find in this chat</source>
        <translation>在本对话中查找</translation>
    </message>
    <message>
        <source>Next match, match before</source>
        <translation>下一处、上一处</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Search all chats</source>
        <translation>在所有对话中搜索</translation>
    </message>
    <message>
        <source>Discover</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>硬件</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
</context>
<context>
    <name>hearth::gui::StepBar</name>
    <message>
        <source>Step %1 of %2: %3</source>
        <translation>第 %1 步，共 %2 步：%3</translation>
    </message>
</context>
<context>
    <name>hearth::gui::StopList</name>
    <message>
        <source>This text is in the list already.</source>
        <translation>这段文字已在列表中。</translation>
    </message>
    <message>
        <source>Stop texts</source>
        <translation>停止文字</translation>
    </message>
    <message>
        <source>An answer ends before it would say one of these. \n stands for the end of a line.</source>
        <translation>回答在将要说出其中之一时结束。\n 代表换行。</translation>
    </message>
    <message>
        <source>Text that ends the answer</source>
        <translation>使回答结束的文字</translation>
    </message>
</context>
<context>
    <name>hearth::gui::TargetStep</name>
    <message>
        <source>not quantised</source>
        <translation>未量化</translation>
    </message>
    <message>
        <source>asymmetric</source>
        <translation>非对称</translation>
    </message>
    <message>
        <source>symmetric</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>混合</translation>
    </message>
    <message>
        <source>Practically the source at half its size.</source>
        <translation>大小减半，几乎与源相同。</translation>
    </message>
    <message>
        <source>Hardly to be told from the source.</source>
        <translation>与源几乎无法区分。</translation>
    </message>
    <message>
        <source>A little better than Q4_K_M, a little larger.</source>
        <translation>比 Q4_K_M 略好，也略大。</translation>
    </message>
    <message>
        <source>The usual choice: small, fast and good.</source>
        <translation>常用之选：小、快、好。</translation>
    </message>
    <message>
        <source>The smallest with four bits.</source>
        <translation>4 位中最小的。</translation>
    </message>
    <message>
        <source>Form of the weights</source>
        <translation>权重的形式</translation>
    </message>
    <message>
        <source>Symmetric: a block of weights shares one scale and zero stays zero; fewest bits for weights that spread evenly around it. Asymmetric: a scale and an offset, so that blocks which lie to one side waste no codes; about half a bit more. Mixed precision: tensors that lose most from coarse steps get finer types, the rest coarser ones.</source>
        <translation>对称：一块权重共用一个比例，零仍为零；权重均匀分布在零两侧时位数最少。非对称：一个比例加一个偏移，偏向一侧的块不浪费编码；约多半位。混合精度：受粗步长影响最大的张量用较细的类型，其余用较粗的。</translation>
    </message>
    <message>
        <source>Choose types automatically</source>
        <translation>自动选择类型</translation>
    </message>
    <message>
        <source>Measures how much each tensor suffers and spends a budget where a byte helps most.</source>
        <translation>测量每个张量的损失，把预算用在每字节收益最大的地方。</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>What the budget is for</source>
        <translation>预算的对象</translation>
    </message>
    <message>
        <source>Budget in megabytes</source>
        <translation>预算（MB）</translation>
    </message>
    <message>
        <source>MB at most</source>
        <translation>MB 以内</translation>
    </message>
    <message>
        <source>Find types</source>
        <translation>选择类型</translation>
    </message>
    <message>
        <source>This version has less than eight bits already. Quantising it again loses more than starting from the original. Do it nevertheless:</source>
        <translation>此版本已低于 8 位。再次量化比从原始版本开始损失更大。仍要这样做：</translation>
    </message>
    <message>
        <source>Quantise again nevertheless</source>
        <translation>仍要再次量化</translation>
    </message>
    <message>
        <source>Tensor by tensor</source>
        <translation>逐个张量</translation>
    </message>
    <message>
        <source>Choose rows, then the type they are to have.</source>
        <translation>先选行，再选它们的类型。</translation>
    </message>
    <message>
        <source>Find a tensor, for example attn_v</source>
        <translation>查找张量，例如 attn_v</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Give them this type</source>
        <translation>设为此类型</translation>
    </message>
    <message>
        <source>%1 bits</source>
        <translation>%1 位</translation>
    </message>
    <message>
        <source>auto %1 MB</source>
        <translation>自动 %1 MB</translation>
    </message>
    <message>
        <source>Measuring how sensitive each tensor is…</source>
        <translation>正在测量每个张量的敏感度…</translation>
    </message>
    <message>
        <source>Planning…</source>
        <translation>正在规划…</translation>
    </message>
    <message>
        <source>%1 · %2 bits a weight · %3 % of the source</source>
        <translation>%1 · 每权重 %2 位 · 源的 %3 %</translation>
    </message>
    <message>
        <source>If memory is short; answers suffer a little.</source>
        <translation>内存不足时使用；回答质量略有下降。</translation>
    </message>
    <message>
        <source>The last resort; answers suffer clearly.</source>
        <translation>最后的选择；回答质量明显下降。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::TensorTable</name>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>份额</translation>
    </message>
    <message>
        <source>Weight error</source>
        <translation>权重误差</translation>
    </message>
</context>
<context>
    <name>hearth::gui::Thoughts</name>
    <message>
        <source>Thoughts</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>Thinking…</source>
        <translation>思考中…</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n 词元</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ToastHost</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>hearth::gui::TokenListModel</name>
    <message>
        <source>ended</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>expired on %1</source>
        <translation>已于 %1 过期</translation>
    </message>
    <message>
        <source>until it is ended</source>
        <translation>长期有效</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>有效至 %1</translation>
    </message>
    <message>
        <source>never used</source>
        <translation>从未使用</translation>
    </message>
    <message>
        <source>used on %1</source>
        <translation>最近使用 %1</translation>
    </message>
</context>
<context>
    <name>hearth::gui::TokenSection</name>
    <message>
        <source>The key was copied. Locking empties the clipboard.</source>
        <translation>令牌已复制。锁定时会清空剪贴板。</translation>
    </message>
    <message>
        <source>The key opens nothing any more.</source>
        <translation>令牌已失效。</translation>
    </message>
    <message>
        <source>Keys for programs</source>
        <translation>程序令牌</translation>
    </message>
    <message>
        <source>With a key, the terminal and other programs use models in your name. It opens no chat. Only its fingerprint is kept: it is shown once.</source>
        <translation>终端和其他程序可凭令牌以您的名义使用模型。它打不开任何对话。系统只保存其指纹：令牌只显示一次。</translation>
    </message>
    <message>
        <source>There are no keys yet.</source>
        <translation>还没有令牌。</translation>
    </message>
    <message>
        <source>What it is for</source>
        <translation>用途</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>Until it is ended</source>
        <translation>长期有效</translation>
    </message>
    <message>
        <source>What it may do</source>
        <translation>允许的操作</translation>
    </message>
    <message>
        <source>How long it is valid</source>
        <translation>有效期</translation>
    </message>
    <message>
        <source>Make a key</source>
        <translation>新建令牌</translation>
    </message>
    <message>
        <source>End this key</source>
        <translation>停用此令牌</translation>
    </message>
    <message>
        <source>The new key, shown only now:</source>
        <translation>新的令牌，只显示这一次：</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
</context>
<context>
    <name>hearth::gui::UnsealDialog</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Password of the file</source>
        <translation>文件的密码</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>%1 is sealed. Type the password that was chosen when it was made.</source>
        <translation>%1 已加密。请输入制作它时选定的密码。</translation>
    </message>
</context>
<context>
    <name>hearth::gui::UserRow</name>
    <message>
        <source>Copy message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Edit message</source>
        <translation>编辑消息</translation>
    </message>
    <message>
        <source>Your message</source>
        <translation>您的消息</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Edit your message</source>
        <translation>编辑您的消息</translation>
    </message>
</context>
<context>
    <name>hearth::gui::VersionSwitcher</name>
    <message>
        <source>Version %1 of %2</source>
        <translation>第 %1 个版本，共 %2 个</translation>
    </message>
    <message>
        <source>Earlier version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>Later version</source>
        <translation>下一个版本</translation>
    </message>
</context>
</TS>
